/** What the NetworkPolicies of these manifests shut off, one row for each set of policies that would have to change. */
import { podSelectorOf } from '../../manifests/label-selectors.ts';
import {
  type Direction,
  isolating,
  opensPort,
  type PolicyRule,
  rulesOf,
} from '../../manifests/network-policy.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { bindAddresses } from '../../surface/bind-addresses.ts';
import { enginesOf } from '../../surface/engines.ts';
import type { Need } from '../../surface/need.ts';
import { needsOf } from '../../surface/needs.ts';
import { once } from '../../surface/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn } from '../../yaml/json.ts';
import { otherPolicyFor } from './other-policies.ts';
import { admitsAddresses, admitsOutsider, admitsWorkload } from './policy-peers.ts';

interface ShutOff {
  /** Of those that apply, where the missing rule belongs. */
  policy: Resource;
  direction: Direction;
  /** `Deployment envoy`. */
  workload: string;
  /** What is not reached, or not let in; for names, who cannot resolve them. */
  peers: string[];
  /** A policy of another kind that may open the way; who reads these manifests cannot tell. */
  unless: Resource | undefined;
}

interface ShutNames extends ShutOff {
  /** Only long answers are not let in. */
  isTcpOnly: boolean;
}

/** What to say of a way that another policy may open. */
export function doubtOf({ unless }: Pick<ShutOff, 'unless'>): {
  severity?: 'warning';
  suffix: string;
} {
  if (!unless) return { suffix: '' };
  return {
    severity: 'warning',
    suffix: `, unless ${unless.kind} ${unless.name} allows it, whose peers are not read here`,
  };
}

/** Where DNS runs: most clusters, and OpenShift. */
const DNS_NAMESPACES = ['kube-system', 'openshift-dns'];

/** Pod ports of CoreDNS and of OpenShift's DNS. */
const DNS_PORTS = [53, 5353];

/** Each way that is shut at one of its ends. */
export function shutPeers(surface: Surface): ShutOff[] {
  const isUnclear = unclearNeeds(surface);
  const needs = needsOf(surface).filter((need) => !isUnclear(need));
  const found = needs.flatMap((need) => [
    ...shutAt(surface, need, 'egress'),
    ...shutAt(surface, need, 'ingress'),
  ]);
  return merged(found, ({ workload }) => workload);
}

/** A port that the program does not have, and engines of which one is wrong, have findings of their own: no policy has to follow them. */
function unclearNeeds(surface: Surface): (need: Need) => boolean {
  const engines = enginesOf(surface.clients).flatMap(({ host }) => host ?? []);
  const differ = new Set(engines).size > 1;
  const calls = bindAddresses(surface).filter(
    ({ use, port }) => use === 'calls' && port !== undefined,
  );
  return ({ outside, target, ports }) => {
    if (outside) return outside.to === 'workflow-engine' && differ;
    const own = calls.filter(({ pods }) => target && pods.includes(target));
    return own.length > 0 && ports.every(({ number }) => own.every(({ port }) => port !== number));
  };
}

/** Pods that have to resolve names and may not. */
export function shutNames(surface: Surface): ShutNames[] {
  const sources = new Set(needsOf(surface).flatMap(({ source }) => source ?? []));
  const found = [...sources].flatMap((source): ShutNames[] => {
    const name = `${source.kind} ${source.name}`;
    const policies = isolating(policiesFor(source, surface), source, 'egress');
    const policy = placeFor(policies, 'egress', 'most');
    if (!policy) return [];
    const rules = rulesOf(policies, 'egress').filter((rule) =>
      DNS_NAMESPACES.some((namespace) => admitsOutsider(rule, surface, namespace)),
    );
    const isOpen = (protocol: 'TCP' | 'UDP', portNames: string[]) =>
      rules.some((rule) =>
        DNS_PORTS.some((number) => opensPort(rule, { protocol, number, names: portNames })),
      );
    const isUdp = isOpen('UDP', ['dns', 'dns-udp', 'udp-53']);
    const isTcp = isOpen('TCP', ['dns-tcp', 'tcp-53']);
    if (isUdp && isTcp) return [];
    const wanted = DNS_PORTS.map((number) => ({ protocol: 'UDP' as const, number, names: [] }));
    const other = otherPolicyFor(source, 'egress', wanted, surface);
    if (other?.opens) return [];
    const row = { policy, direction: 'egress' as const, workload: name, peers: [name] };
    return [{ ...row, isTcpOnly: isUdp, unless: other?.policy }];
  });
  return merged(found, ({ isTcpOnly }) => isTcpOnly);
}

function shutAt(surface: Surface, need: Need, direction: Direction): ShutOff[] {
  const isEgress = direction === 'egress';
  const own = isEgress ? need.source : need.target;
  if (!own) return [];
  const policies = isolating(policiesFor(own, surface), own, direction);
  const policy = placeFor(policies, direction, 'fewest');
  if (!policy) return [];
  const isOpen = rulesOf(policies, direction).some(
    (rule) =>
      need.ports.some((port) => opensPort(rule, port)) &&
      (isEgress ? leadsOut(rule, need, surface) : letsIn(rule, need, surface)),
  );
  const other = isOpen ? undefined : otherPolicyFor(own, direction, need.ports, surface);
  if (isOpen || other?.opens) return [];
  const source = need.source ? `${need.source.kind} ${need.source.name}` : 'the entry';
  const workload = isEgress ? source : need.targetName;
  const peer = isEgress ? need.targetName : source;
  const ports = need.ports.map(({ number }) => number).join(' or ');
  const peers = [`${peer} on TCP ${ports}`];
  return [{ policy, direction, workload, peers, unless: other?.policy }];
}

function leadsOut(rule: PolicyRule, { target, outside }: Need, surface: Surface): boolean {
  if (target) return admitsWorkload(rule, target);
  if (outside?.isAddress) return admitsAddresses(rule, outside.cidr);
  return admitsOutsider(rule, surface, outside?.namespace);
}

function letsIn(rule: PolicyRule, { source }: Need, surface: Surface): boolean {
  return source ? admitsWorkload(rule, source) : admitsOutsider(rule, surface);
}

/**
 * Of the policies that apply, the one where a rule belongs: for a peer the one that is about fewest pods, for names the one about most,
 * and rather one with rules than one that shuts everything.
 */
function placeFor(
  policies: readonly Resource[],
  direction: Direction,
  reach: 'fewest' | 'most',
): Resource | undefined {
  const rank = (policy: Resource) => {
    const hasRules = rulesOf([policy], direction).length > 0;
    return reach === 'fewest'
      ? Number(isNarrow(policy)) * 2 + Number(hasRules)
      : Number(hasRules) * 2 - Number(isNarrow(policy));
  };
  return [...policies].sort((left, right) => rank(right) - rank(left))[0];
}

function isNarrow(policy: Resource): boolean {
  return Object.keys(podSelectorOf(policy) ?? {}).length > 0;
}

/** One row for each policy, direction and key, the peers together, each once. */
function merged<Row extends ShutOff>(found: readonly Row[], keyOf: (row: Row) => unknown): Row[] {
  const rows: Row[] = [];
  for (const next of found) {
    const same = rows.find(
      (row) =>
        row.policy === next.policy &&
        row.direction === next.direction &&
        row.unless === next.unless &&
        keyOf(row) === keyOf(next),
    );
    if (same) same.peers = [...new Set([...same.peers, ...next.peers])];
    else rows.push({ ...next });
  }
  return rows;
}

/** The policies that may apply to a workload, in the order of the stream. */
function policiesFor(workload: Resource, surface: Surface): readonly Resource[] {
  const keys = [EVERY_POD, ...Object.entries(podMetadataOf(workload, 'labels')).map(labelKey)];
  const found = keys.flatMap((key) => surface.manifests.withKey(firstLabel, key, 'NetworkPolicy'));
  const numbers = policyNumbers(surface);
  const numberOf = (policy: Resource) => numbers.get(policy) ?? 0;
  return [...new Set(found)].sort((left, right) => numberOf(left) - numberOf(right));
}

const policyNumbers = once(
  ({ manifests }: Surface) =>
    new Map(manifests.ofKind('NetworkPolicy').map((policy, number) => [policy, number])),
);

const EVERY_POD = '';

const labelKey = ([key, value]: [string, unknown]) => `${key}=${asText(value)}`;

/** One of the labels that the pods of a policy have to have. */
function firstLabel(policy: Resource): string[] {
  const [first] = Object.entries(getIn(podSelectorOf(policy), ['matchLabels']) ?? {});
  return [first ? labelKey(first) : EVERY_POD];
}
