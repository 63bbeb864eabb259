import { podSelectorOf } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { podMetadataOf } from '../manifests/workload.ts';
import type { Check } from './check.ts';
import { emptySelection } from './shared/near-labels.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy that is about no pod',
  why: 'The pods that it is meant for stay as open as they were, or as shut where another policy shuts everything.',
  fix: 'write the labels of the pods, not those of the Deployment or the Service, in `spec.podSelector`',
  find: (surface) =>
    surface.manifests.ofKind('NetworkPolicy').flatMap((policy) => {
      const candidates = surface.workloads
        .filter(({ namespace }) => sameNamespace(namespace, policy.namespace))
        .map((resource) => ({ resource, labels: podMetadataOf(resource, 'labels') }));
      const fault = emptySelection(podSelectorOf(policy), candidates);
      return fault ? [{ resource: policy, path: 'spec.podSelector', ...fault }] : [];
    }),
};
