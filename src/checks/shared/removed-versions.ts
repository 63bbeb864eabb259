/** Versions of APIs that no cluster on which Michelangelo runs has any more. Source: Kubernetes, "Deprecated API Migration Guide". */
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText } from '../../yaml/json.ts';

interface Removed {
  kinds: readonly string[];
  /** The Kubernetes that has it no longer. */
  from: string;
  now: string;
}

const REMOVED: ReadonlyMap<string, Removed> = new Map([
  ['extensions/v1beta1', { kinds: ['Ingress'], from: '1.22', now: 'networking.k8s.io/v1' }],
  [
    'networking.k8s.io/v1beta1',
    { kinds: ['Ingress', 'IngressClass'], from: '1.22', now: 'networking.k8s.io/v1' },
  ],
  [
    'rbac.authorization.k8s.io/v1beta1',
    {
      kinds: ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
      from: '1.22',
      now: 'rbac.authorization.k8s.io/v1',
    },
  ],
  ['policy/v1beta1', { kinds: ['PodDisruptionBudget'], from: '1.25', now: 'policy/v1' }],
  ['batch/v1beta1', { kinds: ['CronJob'], from: '1.25', now: 'batch/v1' }],
  [
    'autoscaling/v2beta1',
    { kinds: ['HorizontalPodAutoscaler'], from: '1.25', now: 'autoscaling/v2' },
  ],
  [
    'autoscaling/v2beta2',
    { kinds: ['HorizontalPodAutoscaler'], from: '1.26', now: 'autoscaling/v2' },
  ],
]);

/** Of one resource; none or one fault. */
export function removedVersion(resource: Resource): Fault[] {
  const version = asText(resource.json['apiVersion']);
  const found = REMOVED.get(version);
  if (!found?.kinds.includes(resource.kind)) return [];
  return [
    {
      resource,
      path: 'apiVersion',
      message: `Kubernetes has no ${resource.kind} of ${version} since ${found.from}`,
      fix: `write \`apiVersion: ${found.now}\`, and the fields as they are there`,
    },
  ];
}
