import type { Resource } from '../manifests/resource.ts';
import { programsOf } from '../surface/configs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { getIn, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { neverStarted } from './shared/never-started.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A program without a pod',
  why: 'With `replicas: 0` nothing runs: entries answer 503, or no job is dispatched. A HorizontalPodAutoscaler stands still while the number is 0. A program among the init containers keeps the others waiting, and one that ends by itself never serves.',
  fix: 'set `replicas: 1` or more, or leave the number to an autoscaler',
  find: (surface) => [
    ...programsOf(surface).flatMap(paused),
    ...programsOf(surface).flatMap(neverStarted),
    ...programsOf(surface)
      .filter(({ json }) => getIn(json, ['spec', 'replicas']) === 0)
      // KEDA starts from none.
      .filter(
        ({ name }) =>
          !surface.manifests
            .ofKind('ScaledObject', 'HTTPScaledObject')
            .some(({ json }) => stringAt(json, ['spec', 'scaleTargetRef', 'name']) === name),
      )
      .map((resource) => ({
        resource,
        path: 'spec.replicas',
        message: `${resource.kind} ${resource.name} has 0 replicas`,
      })),
  ],
};

/** What runs goes on, and a new Deployment has nothing that runs. */
function paused(resource: Resource): Fault[] {
  if (resource.kind !== 'Deployment' || getIn(resource.json, ['spec', 'paused']) !== true)
    return [];
  return [
    {
      resource,
      path: 'spec.paused',
      severity: 'warning',
      message: `Deployment ${resource.name} is paused: a new one makes no pod, and no change of one that runs is rolled out`,
      fix: 'take `paused` away',
    },
  ];
}
