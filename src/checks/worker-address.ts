import { workerFault } from '../surface/faults/worker-address.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "The worker's address is not that of the API",
  why: 'Workers report to a host that no entry serves, to a Service that is not there, or with the wrong choice of TLS: no result arrives.',
  fix: "set `worker.address` to the API entry's host and port with `useTLS: true`, or to the API Service and its port with `useTLS: false`",
  find: (surface) => surface.workers.flatMap((target) => workerFault(target, surface) ?? []),
};
