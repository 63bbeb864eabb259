/**
 * `networkPolicies` → a NetworkPolicy for each component of the control plane, in both directions: what the manifests call for
 * (`surface/needs.ts`, which the checks of policies ask too), and nothing else. What leaves these manifests is opened where the config says
 * where it is; what it does not say is an error, since a policy would shut it off.
 *
 * Source: Kubernetes, "Network Policies": ports are those of pods; a rule without peers is open to all; replies need no rule, nor does what
 * comes from the node of a pod, probes among it.
 */

import { PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { Problem } from '../../errors.ts';
import { SOLVER_LABELS, SOLVER_PORT } from '../../manifests/cert-manager.ts';
import { shortName } from '../../manifests/short-name.ts';
import { solvedNamespaces } from '../../surface/issuers.ts';
import { allNeeds } from '../../surface/needs.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { type Addition, NOTHING, type Rule, type RuleInput } from '../rule.ts';
import { metadataFrom } from '../served-by.ts';
import { type Component, componentsOf, podProblems, workloadsByRole } from './components.ts';
import { Ends } from './ends.ts';
import { RuleList } from './rule-list.ts';
import { type MadePolicy, notCovered, standingPolicies } from './standing.ts';

const FIELD = 'spec.networkPolicies.mode';

export const networkPolicies: Rule = (input) => {
  const { settings, surface } = input;
  if (!settings.config.spec.networkPolicies) return NOTHING;
  const byRole = workloadsByRole(surface);
  const components = componentsOf(byRole);
  const pods = components.flatMap(({ workload }) => podProblems(workload, surface));
  if (pods.length > 0) return { edits: [], problems: pods };
  const routed = PUBLIC_ROLES.filter(
    (role) => settings.entries[role].gateway && (role !== 'ui' || settings.isPageApart),
  );
  const ends = new Ends(allNeeds(surface, routed), input);
  const all: MadePolicy[] = [
    ...components.map((component) => ({
      workload: component.workload,
      json: policyFor(component, components, ends),
    })),
    ...solverPolicies(components, ends, input).map((json) => ({ json })),
  ];
  const problems: Problem[] = [
    ...ends.problems(byRole),
    ...notCovered(byRole, input),
    ...standingPolicies(all, input),
  ];
  const additions = all.map(({ json }): Addition => ({ json, field: FIELD }));
  return { edits: [], problems, additions };
};

function policyFor(component: Component, all: readonly Component[], ends: Ends): JsonObject {
  const { workload } = component;
  const hasNamesake = all.some(
    (other) =>
      other.workload !== workload &&
      other.workload.name === workload.name &&
      other.workload.namespace === workload.namespace,
  );
  const name = `${workload.name}${hasNamesake ? `-${workload.kind.toLowerCase()}` : ''}-restricted`;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataFrom(workload, shortName(name)),
    spec: specOf(ends.selector(workload), ends.ingress(component), ends.egress(component)),
  };
}

/** Both directions are shut; what has no rules stays so. */
function specOf(podSelector: JsonObject, ingress: RuleList, egress: RuleList): JsonObject {
  return {
    podSelector,
    policyTypes: ['Ingress', 'Egress'],
    ...(ingress.isEmpty ? {} : { ingress: ingress.toJson() }),
    ...(egress.isEmpty ? {} : { egress: egress.toJson() }),
  };
}

/** For pods that cert-manager starts beside the components: they answer one request of the entry, and ask nobody. */
function solverPolicies(
  components: readonly Component[],
  ends: Ends,
  { settings, surface }: RuleInput,
): JsonObject[] {
  const { spec } = settings.config;
  const isHttp01 = settings.tlsMode === 'acme' && (spec.tls?.acme?.solver ?? 'http01') === 'http01';
  // Nobody can see how an issuer solves that is not in the stream.
  const isGiven = settings.tlsMode === 'issuer' && spec.networkPolicies?.from?.acme !== undefined;
  const solved = solvedNamespaces(surface);
  const namespaces = [...new Set(components.map(({ workload }) => workload.namespace))].filter(
    (namespace) => isHttp01 || isGiven || solved.includes(namespace),
  );
  return namespaces.flatMap((namespace): JsonObject[] => {
    const served = components.find(({ workload }) => workload.namespace === namespace);
    const ingress = new RuleList('from');
    ingress.add(ends.solverCallers(SOLVER_PORT), [SOLVER_PORT]);
    if (!served) return [];
    return [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadataFrom(served.workload, shortName(`${served.workload.name}-acme-solvers`)),
        spec: specOf({ matchLabels: SOLVER_LABELS }, ingress, new RuleList('to')),
      },
    ];
  });
}
