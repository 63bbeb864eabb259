/**
 * Policies of other kinds that let through what a NetworkPolicy shuts.
 *
 * Sources: Cilium, "Layer 3 Examples" (what any policy allows is allowed, NetworkPolicies included; `toPorts`, `fromEntities`); Calico,
 * "Network policy" (a policy of a lower order decides before NetworkPolicies, which have order 1000); network-policy-api,
 * "AdminNetworkPolicy" (an Allow comes before every NetworkPolicy). Peers and Calico's selectors are not read.
 */
import { selectsLabels } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Direction, PortWanted } from '../../manifests/network-policy.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { foreignPolicies } from '../../surface/foreign-policies.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type Json, type JsonObject, list } from '../../yaml/json.ts';

/** What the policies of other kinds say of a way: that one opens its port, or that one may. */
export function otherPolicyFor(
  workload: Resource,
  direction: Direction,
  ports: readonly PortWanted[],
  surface: Surface,
): { policy: Resource; opens: boolean } | undefined {
  const found = foreignPolicies(surface)
    .filter((policy) => mayApply(policy, workload))
    .map((policy) => ({ policy, opens: opensAny(policy, direction, ports) }));
  return found.find(({ opens }) => opens) ?? found[0];
}

function mayApply({ json, namespace }: Resource, workload: Resource): boolean {
  if (namespace !== '' && !sameNamespace(namespace, workload.namespace)) return false;
  const selector = getIn(json, ['spec', 'endpointSelector']);
  if (!isObject(selector)) return true;
  const labels = podMetadataOf(workload, 'labels');
  return selectsLabels(withoutSources(selector), labels);
}

/** Cilium's labels may say where they are from: `k8s:app`. */
function withoutSources(selector: JsonObject): JsonObject {
  const matchLabels = isObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  // Labels of the namespace are known to Cilium alone.
  const own = Object.entries(matchLabels)
    .map(([key, value]) => [key.replace(/^(?:k8s|any)[:.]/, ''), value] as const)
    .filter(([key]) => !key.startsWith('io.kubernetes.pod.') && !key.startsWith('io.cilium.'));
  return { ...selector, matchLabels: Object.fromEntries(own) };
}

function opensAny({ json }: Resource, direction: Direction, ports: readonly PortWanted[]): boolean {
  const specs = [getIn(json, ['spec']) ?? null, ...list(getIn(json, ['specs']))];
  return specs
    .flatMap((spec) => list(getIn(spec, [direction])))
    .filter(({ action }) => action === undefined || /^(?:allow|pass)$/i.test(asText(action)))
    .some((rule) => {
      const written = portsIn(rule);
      return (
        written.length === 0 || written.some((text) => ports.some((port) => isPort(text, port)))
      );
    });
}

/** Numbers, names and ranges, wherever a kind has them. */
function portsIn(rule: JsonObject): string[] {
  const ofCilium = list(rule['toPorts']).flatMap(({ ports }) => list(ports));
  const cilium = ofCilium.map(({ port, endPort }) =>
    endPort === undefined ? asText(port) : `${asText(port)}:${asText(endPort)}`,
  );
  const calico = ['destination', 'source'].flatMap((side) => texts(getIn(rule, [side, 'ports'])));
  const admin = list(rule['ports']).flatMap(({ portNumber, portRange, namedPort }) => {
    if (isObject(portRange)) return [`${asText(portRange['start'])}:${asText(portRange['end'])}`];
    return texts([getIn(portNumber ?? null, ['port']) ?? namedPort ?? null]);
  });
  return [...cilium, ...calico, ...admin];
}

function texts(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [];
  return items.filter((item) => item !== null).map(asText);
}

function isPort(text: string, { number, names }: PortWanted): boolean {
  const [, first, last] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (first === undefined) return names.includes(text);
  return number >= Number(first) && number <= Number(last ?? first);
}
