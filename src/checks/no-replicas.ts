import { programsOf } from '../surface/configs.ts';
import { getIn, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A program without a pod',
  why: 'With `replicas: 0` nothing runs: entries answer 503, or no job is dispatched. A HorizontalPodAutoscaler stands still while the number is 0.',
  fix: 'set `replicas: 1` or more, or leave the number to an autoscaler',
  find: (surface) =>
    programsOf(surface)
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
};
