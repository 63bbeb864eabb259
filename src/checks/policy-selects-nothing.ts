import { podSelectorOf } from '../manifests/label-selectors.ts';
import type { Check } from './check.ts';
import { peersOfNobody } from './shared/empty-peers.ts';
import { emptySelection, podsBeside } from './shared/near-labels.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy that is about no pod, or lets nobody in',
  why: 'The pods that it is meant for stay as open as they were, or as shut where another policy shuts everything.',
  fix: 'write the labels of the pods, not those of the Deployment or the Service, in `spec.podSelector`',
  find: (surface) =>
    surface.manifests.ofKind('NetworkPolicy').flatMap((policy) => {
      const fault = emptySelection(podSelectorOf(policy), podsBeside(policy, surface));
      return [
        ...(fault ? [{ resource: policy, path: 'spec.podSelector', ...fault }] : []),
        ...peersOfNobody(policy, surface),
      ];
    }),
};
