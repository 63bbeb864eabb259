/** Network policies of kinds that network plug-ins, and Kubernetes beside NetworkPolicy, have. */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

const GROUPS = ['cilium.io', 'projectcalico.org', 'policy.networking.k8s.io'];

/** Those of Cilium and Calico, and of administrators. */
export const foreignPolicies = once(({ manifests }: Surface): Resource[] =>
  manifests
    .mentioning(GROUPS)
    .filter(
      (resource) =>
        /Network.*Policy$/.test(resource.kind) &&
        GROUPS.some((group) => `.${groupOf(resource)}`.endsWith(`.${group}`)),
    ),
);
