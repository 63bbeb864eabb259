/** Peers of NetworkPolicies that take nobody, as far as the stream shows. Source: Kubernetes, "Network policies" (a peer without `namespaceSelector` is of the policy's namespace). */
import { NAMESPACE_LABEL, selectsLabels } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import { rangeOf } from '../../manifests/network-policy.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type Json, list, objectAt } from '../../yaml/json.ts';

const RULES = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const;

/** Of one policy: warnings, because pods and labels may come from elsewhere. */
export function peersOfNobody(policy: Resource, surface: Surface): Fault[] {
  return RULES.flatMap(([direction, peers]) =>
    list(getIn(policy.json, ['spec', direction])).flatMap((rule, at) =>
      list(rule[peers]).flatMap((peer, index): Fault[] => {
        if (rangeOf(peer) !== undefined) return [];
        const path = `spec.${direction}[${at}].${peers}[${index}]`;
        const fault = isObject(peer['namespaceSelector'])
          ? strangeNamespace(peer['namespaceSelector'], surface)
          : strangePods(peer['podSelector'], policy, surface);
        return fault
          ? [{ resource: policy, severity: 'warning', ...fault, path: `${path}${fault.path}` }]
          : [];
      }),
    ),
  );
}

/** A label whose value is the name of a namespace that does not have it. */
function strangeNamespace(selector: Json, { manifests }: Surface): Fault | undefined {
  const namespaces = manifests.ofKind('Namespace');
  const labelsOf = ({ name, json }: Resource) => ({
    ...objectAt(json, ['metadata', 'labels']),
    [NAMESPACE_LABEL]: name,
  });
  for (const [key, value] of Object.entries(objectAt(selector, ['matchLabels']))) {
    const meant = namespaces.find(({ name }) => name === value);
    const isHad = namespaces.some((one) =>
      selectsLabels({ matchLabels: { [key]: value } }, labelsOf(one)),
    );
    if (!meant || isHad || key === NAMESPACE_LABEL) continue;
    return {
      path: '.namespaceSelector',
      message: `it takes namespaces with ${key}=${asText(value)}, and Namespace ${meant.name} of these manifests does not have that label`,
      fix: `write \`${NAMESPACE_LABEL}: ${meant.name}\`, which every namespace has`,
    };
  }
  return undefined;
}

/** Labels of programs that have a namespace of their own. */
const ELSEWHERE =
  /^(?:ingress-nginx|nginx-ingress|traefik|kong|contour|haproxy-ingress|istio-ingressgateway|kube-dns|coredns|prometheus|grafana-agent|alloy|envoy-gateway)$/;

/** Pods of the policy's namespace, where there are none with these labels, and that are usually in another one. */
function strangePods(
  selector: Json | undefined,
  policy: Resource,
  surface: Surface,
): Fault | undefined {
  const labels = Object.entries(objectAt(selector, ['matchLabels']));
  const told = labels.find(([, value]) => ELSEWHERE.test(asText(value)));
  const taken = surface.workloads.filter((one) =>
    selectsLabels(selector, podMetadataOf(one, 'labels')),
  );
  const isHere = taken.some((one) => sameNamespace(one.namespace, policy.namespace));
  const [other] = taken;
  // A Gateway's own pods stand beside it.
  const hasGateway = surface.manifests
    .ofKind('Gateway')
    .some(({ namespace }) => sameNamespace(namespace, policy.namespace));
  const isKnown = other !== undefined || (told !== undefined && !hasGateway);
  if (labels.length === 0 || isHere || !isKnown || policy.namespace === '') return undefined;
  const shown = labels.map(([key, value]) => `${key}=${asText(value)}`).join(', ');
  const where = other
    ? `those of ${other.kind} ${other.name} are in namespace ${other.namespace}`
    : `${asText(told?.[1])} usually runs in a namespace of its own`;
  return {
    path: '.podSelector',
    message: `it takes pods of namespace ${policy.namespace} alone, where none here has ${shown}, and ${where}`,
    fix: `add \`namespaceSelector: {matchLabels: {${NAMESPACE_LABEL}: ${other?.namespace ?? '…'}}}\` to the same peer`,
  };
}
