import type { Resource } from '../manifests/resource.ts';
import { programsOf } from '../surface/configs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { asText, getIn, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { neverStarted } from './shared/never-started.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A program without a pod',
  why: 'With `replicas: 0` nothing runs: entries answer 503, or no job is dispatched. A HorizontalPodAutoscaler stands still while the number is 0. A program among the init containers keeps the others waiting, and one that ends by itself never serves.',
  fix: 'set `replicas: 1` or more, or leave the number to an autoscaler',
  find: (surface) => [
    ...programsOf(surface).flatMap((one) => [
      ...paused(one),
      ...neverStarted(one),
      ...allAtOnce(one),
    ]),
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

/** Every rollout is an outage. */
function allAtOnce(resource: Resource): Fault[] {
  const strategy = getIn(resource.json, ['spec', 'strategy']);
  const most = getIn(strategy, ['rollingUpdate', 'maxUnavailable']);
  const replicas = getIn(resource.json, ['spec', 'replicas']) ?? 1;
  const isAll = most === '100%' || (typeof most === 'number' && most >= Number(replicas));
  if (resource.kind !== 'Deployment' || !isAll || !(Number(replicas) > 1)) return [];
  return [
    {
      resource,
      path: 'spec.strategy.rollingUpdate.maxUnavailable',
      severity: 'warning',
      message: `maxUnavailable ${asText(most)} takes all ${asText(replicas)} pods of Deployment ${resource.name} away at once: nothing answers at every rollout`,
      fix: 'write `maxUnavailable: 0` with `maxSurge: 1`, or less than all',
    },
  ];
}

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
