import { entryTlsFault, upstreamTlsFault } from '../surface/faults/backend-tls.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'The API server is spoken to in plain text where its pods end TLS, or the other way round',
  why: 'A program that expects TLS closes a connection that begins without, and one that does not reads a handshake as nonsense: every call fails with 502 or UNAVAILABLE.',
  fix: 'let the entry and Envoy speak to the API server as its pods do',
  find: (surface) => [
    ...surface.entriesOf('api').flatMap((entry) => {
      // Two hosts of one entry lead to the same pods.
      const found = entry.paths.flatMap((path) => entryTlsFault(entry, path, surface) ?? []);
      return found.slice(0, 1);
    }),
    ...surface.upstreams.flatMap((upstream) => upstreamTlsFault(upstream, surface) ?? []),
  ],
};
