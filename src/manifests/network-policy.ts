/** What the NetworkPolicies that apply to some pods let through, in one direction. */
import { asNumber, asText, getIn, type Json, type JsonObject, list } from '../yaml/json.ts';
import { appliesTo } from './label-selectors.ts';
import type { Resource } from './resource.ts';

/** Of the connections that a rule lets through, seen from its pods. */
export type Direction = 'ingress' | 'egress';

/** A port that has to be open. */
export interface PortWanted {
  protocol: 'TCP' | 'UDP';
  /** Of the pod that listens. */
  number: number;
  /** Names that the port has in the pod. */
  names: readonly string[];
}

/** One rule: peers are undefined where it is open to all. */
export interface PolicyRule {
  peers: readonly JsonObject[] | undefined;
  ports: readonly JsonObject[] | undefined;
  policy: Resource;
}

/** The policies that shut a direction for a workload, unless they list it. */
export function isolating(
  policies: readonly Resource[],
  workload: Resource,
  direction: Direction,
): Resource[] {
  return policies.filter((policy) => appliesTo(policy, workload) && shuts(policy, direction));
}

/** Whether a policy shuts a direction for the pods that it is about. */
export function shuts(policy: Resource, direction: Direction): boolean {
  return typesOf(policy).includes(direction);
}

/** Source: NetworkPolicySpec, `policyTypes`: ingress always, egress where there are egress rules, unless it says. */
function typesOf({ json }: Resource): Direction[] {
  const types = getIn(json, ['spec', 'policyTypes']);
  if (Array.isArray(types) && types.length > 0)
    return types.map((type) => asText(type).toLowerCase() as Direction);
  const egress = getIn(json, ['spec', 'egress']);
  return Array.isArray(egress) && egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

/** Every rule of one direction, with the policy that it is from. */
export function rulesOf(policies: readonly Resource[], direction: Direction): PolicyRule[] {
  return policies.flatMap((policy) =>
    rulesIn(policy.json, direction).map((rule) => ({ ...rule, policy })),
  );
}

/** The rules of one policy. */
export function rulesIn(policy: JsonObject, direction: Direction): Omit<PolicyRule, 'policy'>[] {
  const key = direction === 'ingress' ? 'from' : 'to';
  return list(getIn(policy, ['spec', direction])).map((rule) => ({
    peers: filled(rule[key]),
    ports: filled(rule['ports']),
  }));
}

/** An empty list is open, as one that is left out. */
function filled(value: Json | undefined): JsonObject[] | undefined {
  const items = list(value);
  return items.length > 0 ? items : undefined;
}

/** Whether a rule lets a port through; one that is given by name only where the pod has that name. */
export function opensPort({ ports }: PolicyRule, wanted: PortWanted): boolean {
  return (
    ports === undefined ||
    ports.some(({ protocol, port, endPort }) => {
      if ((protocol ?? 'TCP') !== wanted.protocol) return false;
      if (port === undefined || port === null) return true;
      if (typeof port === 'string' && !/^\d+$/.test(port)) return wanted.names.includes(port);
      const last = typeof endPort === 'number' ? endPort : asNumber(port);
      return wanted.number >= asNumber(port) && wanted.number <= last;
    })
  );
}

/** Whether a peer is a range of addresses. */
export function rangeOf(peer: JsonObject): string | undefined {
  const cidr = getIn(peer, ['ipBlock', 'cidr']);
  return typeof cidr === 'string' ? cidr : undefined;
}
