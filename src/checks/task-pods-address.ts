import { taskPodsFault } from '../surface/faults/task-pods-address.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'The address that task pods are given is not that of the API',
  why: 'Ray and Spark pods report to `REGISTRY_ENDPOINT` of `michelangelo-config`, from the namespace of their job or from another cluster; `worker.address` does not reach them. `REGISTRY_INSECURE` is on unless it says `false`.',
  fix: 'set `REGISTRY_ENDPOINT` to the API entry\'s host and port with `REGISTRY_INSECURE: "false"`, or to the API Service with its namespace',
  find: (surface) => surface.taskPods.flatMap((one) => taskPodsFault(one, surface) ?? []),
};
