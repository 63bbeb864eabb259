import type { Check } from './check.ts';
import { listenerFaults } from './shared/envoy-listeners.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title:
    'The entry speaks another protocol than the listener of Envoy, or the program behind it, takes',
  why: 'A listener for HTTP/2 alone closes a connection that begins with HTTP/1.1, and the other way round; one that waits for a header of the PROXY protocol closes what begins without, and no HTTP server expects that header unless it is told: every request fails with 400, 502 or 503.',
  fix: 'let Envoy find out by itself: `codec_type: AUTO`, and no PROXY protocol unless whoever is in front of it sends it',
  find: listenerFaults,
};
