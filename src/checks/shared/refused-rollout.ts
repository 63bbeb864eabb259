/** How a Deployment replaces its pods, where the API server refuses it. Source: Kubernetes, `ValidateDeploymentSpec`, `ValidateDeploymentStrategy`. */
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asNumber, isObject, objectAt } from '../../yaml/json.ts';

/** Numbers that do not agree, and settings of another strategy. */
export function refusedRollout(deployment: Resource): Fault[] {
  return [...surge(deployment), ...waits(deployment)];
}

function surge(deployment: Resource): Fault[] {
  const { maxSurge, maxUnavailable } = objectAt(deployment.json, [
    'spec',
    'strategy',
    'rollingUpdate',
  ]);
  const isZero = (value: unknown) => value === 0 || value === '0%';
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return [];
  return [
    {
      resource: deployment,
      path: 'spec.strategy.rollingUpdate.maxUnavailable',
      message: 'maxSurge and maxUnavailable are both 0: no pod may be replaced',
      fix: 'write `maxSurge: 1`',
    },
  ];
}

function waits(deployment: Resource): Fault[] {
  const spec = objectAt(deployment.json, ['spec']);
  const deadline = asNumber(spec['progressDeadlineSeconds'] ?? 600);
  const ready = asNumber(spec['minReadySeconds'] ?? 0);
  const { type, rollingUpdate } = objectAt(spec, ['strategy']);
  return [
    ...(deadline <= ready
      ? [
          {
            resource: deployment,
            path: 'spec.progressDeadlineSeconds',
            message: `progressDeadlineSeconds is ${deadline}, and has to be more than minReadySeconds, which is ${ready}`,
            fix: `write more than ${ready}`,
          },
        ]
      : []),
    ...(type === 'Recreate' && isObject(rollingUpdate)
      ? [
          {
            resource: deployment,
            path: 'spec.strategy.rollingUpdate',
            message: 'the strategy is Recreate, which has no `rollingUpdate`',
            fix: 'take `rollingUpdate` away',
          },
        ]
      : []),
  ];
}
