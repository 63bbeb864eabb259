import { usesTls } from '../surface/addresses.ts';
import { lacksTls, sharesTls } from '../surface/entry-tls.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'The API entry has no TLS',
  why: 'Workers and the command line connect with TLS and fail at the handshake; most controllers speak HTTP/2 on their TLS port only, so that gRPC without TLS does not get through either.',
  fix: 'add a TLS block with the host and a Secret, or an HTTPS listener',
  find: (surface) => {
    if (!usesTls(surface)) return [];
    return surface
      .entriesOf('api')
      .filter((entry) => entry.tlsPlace === 'none' && !redirectsAll(entry, surface.manifests))
      .filter((entry) => !sharesTls(entry, surface))
      .map((entry) => ({
        resource: entry.resource,
        path: entry.form === 'ingress' ? 'spec.tls' : 'spec.parentRefs',
        severity: lacksTls(entry, surface) ? undefined : 'warning',
        message:
          entry.form === 'ingress'
            ? 'the Ingress of the API has no TLS block, and clients are told to use TLS'
            : 'the route of the API attaches to listeners without TLS only, and clients are told to use TLS',
      }));
  },
};
