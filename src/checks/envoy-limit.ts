import { apiManagers } from '../surface/envoy-api.ts';
import type { Check } from './check.ts';
import { ejections, idleRateLimits } from './shared/envoy-ejection.ts';
import { filterLimits } from './shared/envoy-filter-limits.ts';
import { clusterLimits, managerLimits } from './shared/envoy-limits.ts';
import { overloadFaults } from './shared/envoy-overload.ts';

/** How far a limit is from what serves people is a matter of degree: an error where a handful of calls at a time is too much. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'A limit of Envoy that ordinary use reaches',
  why: 'What is over a limit is answered by Envoy itself, with 503, 413, 429 or 431, or waits: the API never sees it. A watch counts for as long as it lasts, and a page makes several calls at once. A rate limit that is not enforced refuses nothing.',
  fix: 'take the limit away, or raise it far above what is served at one time: the defaults are 1024 requests and 1 MiB',
  find: (surface) => [
    ...apiManagers(surface).flatMap((api) => [
      ...managerLimits(api),
      ...filterLimits(api, surface),
      ...clusterLimits(api),
      ...idleRateLimits(api),
    ]),
    ...overloadFaults(surface),
    ...ejections(surface),
  ],
};
