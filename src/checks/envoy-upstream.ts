import type { Check } from './check.ts';
import { serverFaults } from './shared/envoy-servers.ts';
import { callsOfFilters } from './shared/envoy-services.ts';

/** Envoy starts with all of it, and no connection, or no call, succeeds. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy cannot speak to a server that it calls',
  why: 'A server that expects TLS closes what begins without it, one whose certificate has another name is refused, and gRPC needs HTTP/2 on every connection. Envoy starts all the same: every request that needs the server fails, with 503, 401 or 403.',
  fix: 'let the cluster speak to the server as it listens, under a name that its certificate has',
  find: (surface) => [
    ...surface.upstreams.flatMap((one) => serverFaults(one, surface)),
    ...callsOfFilters(surface),
  ],
};
