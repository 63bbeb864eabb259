/** Whether a solver of cert-manager, which is not a pod of these manifests, can answer a challenge. */
import { SOLVER_LABELS, SOLVER_PORT } from '../manifests/cert-manager.ts';
import { podSelectorOf, selectsLabels } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { opensPort, rulesOf, shuts } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { solvedNamespaces } from '../surface/issuers.ts';
import type { Check } from './check.ts';
import { admitsOutsider } from './shared/policy-peers.ts';

const PORT = { protocol: 'TCP' as const, number: SOLVER_PORT, names: [] };

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy shuts off the solver of ACME challenges',
  why: 'For HTTP-01 cert-manager starts a pod that answers on port 8089, in the namespace of the Certificate. A policy that shuts every pod there shuts it as well: no certificate is issued, and none is renewed.',
  fix: 'add a policy for pods with `acme.cert-manager.io/http01-solver: "true"` that lets the entry controller in on port 8089',
  find: (surface) => {
    const { manifests } = surface;
    const namespaces = new Set(solvedNamespaces(surface));
    return [...namespaces].flatMap((namespace): Fault[] => {
      const policies = manifests
        .ofKind('NetworkPolicy')
        .filter((policy) => sameNamespace(policy.namespace, namespace) && isForSolver(policy));
      const [first] = policies;
      const isOpen = rulesOf(policies, 'ingress').some(
        (rule) => opensPort(rule, PORT) && admitsOutsider(rule, surface),
      );
      if (!first || isOpen) return [];
      const where = namespace ? `namespace ${namespace}` : 'its namespace';
      const shut = selectsLabels(podSelectorOf(first), {}) ? 'every pod' : 'the solver';
      const message = `it shuts ${shut} of ${where}, and no policy lets port 8089 of the solver in`;
      return [{ resource: first, path: 'spec.podSelector', message }];
    });
  },
};

function isForSolver(policy: Resource): boolean {
  return shuts(policy, 'ingress') && selectsLabels(podSelectorOf(policy), SOLVER_LABELS);
}
