/**
 * Who may talk to whom, by the NetworkPolicies of a stream. Written from Kubernetes' "Network Policies" and the API reference alone, and with
 * nothing of src/: a mistake there must not be made here again.
 */
import { BlockList, isIPv6 } from 'node:net';

// biome-ignore lint/suspicious/noExplicitAny: the shape of every kind would say nothing here
type Any = any;

/** A pod, or an address where no pod of the cluster is. */
export interface End {
  name: string;
  ip: string;
  /** Of a pod; undefined for an address outside. */
  pod?: { namespace: string; labels: Record<string, string>; ports: Record<string, number> };
  /** Beside `kubernetes.io/metadata.name`. */
  namespaceLabels?: Record<string, string>;
}

type Protocol = 'TCP' | 'UDP';

/** Where the manifests leave a namespace out, they are applied to this one. */
export const HOME = 'home';

/** The pods that a stream starts, one for each workload, on addresses of their own. */
export function podsIn(manifests: readonly Any[]): End[] {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
  const found = manifests.flatMap(({ kind, metadata, spec }): Omit<End, 'ip'>[] => {
    const template = kind === 'Pod' ? { metadata, spec } : kinds.includes(kind) && spec.template;
    if (!template) return [];
    const ports = template.spec.containers.flatMap((container: Any) => container.ports ?? []);
    const named = ports.map(({ name, containerPort }: Any) => [name, containerPort]);
    const pod = {
      namespace: metadata.namespace ?? HOME,
      labels: template.metadata.labels,
      ports: Object.fromEntries(named),
    };
    return [{ name: metadata.name, pod }];
  });
  return found.map((end, index) => ({ ...end, ip: `10.244.0.${index + 1}` }));
}

/** Whether a connection is made: the policies of both ends have to let it through. */
export function isOpen(
  from: End,
  to: End,
  protocol: Protocol,
  port: number,
  policies: readonly Any[],
): boolean {
  return (
    lets('Egress', from, to, protocol, port, policies) &&
    lets('Ingress', to, from, protocol, port, policies)
  );
}

/** Whether policies hold for an end at all, in one direction. */
export function isIsolated(end: End, direction: 'Ingress' | 'Egress', policies: readonly Any[]) {
  return policiesOf(end, direction, policies).length > 0;
}

function lets(
  direction: 'Ingress' | 'Egress',
  own: End,
  other: End,
  protocol: Protocol,
  port: number,
  policies: readonly Any[],
): boolean {
  const held = policiesOf(own, direction, policies);
  if (held.length === 0) return true;
  const [list, peers] = direction === 'Egress' ? ['egress', 'to'] : ['ingress', 'from'];
  // A name of a port is that of the pod which listens.
  const names = (direction === 'Egress' ? other : own).pod?.ports ?? {};
  return held.some(({ metadata, spec }) =>
    (spec[list as string] ?? []).some(
      (rule: Any) =>
        (!rule[peers as string]?.length ||
          rule[peers as string].some((peer: Any) => takes(peer, other, namespaceOf(metadata)))) &&
        (!rule.ports?.length ||
          rule.ports.some((each: Any) => isPort(each, protocol, port, names))),
    ),
  );
}

const namespaceOf = (metadata: Any): string => metadata.namespace ?? HOME;

function policiesOf(end: End, direction: string, policies: readonly Any[]): Any[] {
  return policies.filter(({ kind, metadata, spec }) => {
    if (kind !== 'NetworkPolicy' || end.pod?.namespace !== namespaceOf(metadata)) return false;
    const types = spec.policyTypes ?? ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return types.includes(direction) && selects(spec.podSelector, end.pod.labels);
  });
}

function takes({ ipBlock, namespaceSelector, podSelector }: Any, end: End, home: string): boolean {
  if (ipBlock) {
    const except: string[] = ipBlock.except ?? [];
    return isIn(end.ip, ipBlock.cidr) && !except.some((hole) => isIn(end.ip, hole));
  }
  if (!end.pod) return false;
  const { namespace, labels } = end.pod;
  const own = { 'kubernetes.io/metadata.name': namespace, ...end.namespaceLabels };
  const isThere = namespaceSelector ? selects(namespaceSelector, own) : namespace === home;
  return isThere && (!podSelector || selects(podSelector, labels));
}

function isIn(ip: string, cidr: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIPv6(ip) !== isIPv6(network)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), family);
  return block.check(ip, family);
}

function selects(selector: Any, labels: Record<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }: Any) => {
      const isThere = key in labels;
      const isListed = isThere && values.includes(labels[key]);
      if (operator === 'In') return isListed;
      if (operator === 'NotIn') return !isListed;
      return operator === 'Exists' ? isThere : !isThere;
    })
  );
}

function isPort(
  written: Any,
  protocol: Protocol,
  port: number,
  names: Record<string, number>,
): boolean {
  if ((written.protocol ?? 'TCP') !== protocol) return false;
  if (written.port === undefined) return true;
  const first = typeof written.port === 'string' ? names[written.port] : written.port;
  return port >= first && port <= (written.endPort ?? first);
}

/**
 * Everything that is open between the ends, but what no policy is about: one line for each pair, `from -> to: TCP 443, UDP 53`. The ports
 * that are tried are those given, all that a policy or a container names, and the next one of each.
 */
export function tableOf(ends: readonly End[], manifests: readonly Any[]): string[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const ports = portsIn(ends, policies);
  return ends.flatMap((from) =>
    ends.flatMap((to) => {
      const isHeld = isIsolated(from, 'Egress', policies) || isIsolated(to, 'Ingress', policies);
      if (!isHeld) return [];
      const open = (['TCP', 'UDP'] as const).flatMap((protocol) =>
        ports
          .filter((port) => isOpen(from, to, protocol, port, policies))
          .map((port) => `${protocol} ${port}`),
      );
      if (open.length === 0) return [];
      const text = open.length === ports.length * 2 ? 'everything' : open.join(', ');
      return [`${from.name} -> ${to.name}: ${text}`];
    }),
  );
}

function portsIn(ends: readonly End[], policies: readonly Any[]): number[] {
  const named = policies.flatMap(({ spec }) =>
    [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(({ ports = [] }: Any) =>
      ports.map(({ port }: Any) => port),
    ),
  );
  const declared = ends.flatMap(({ pod }) => Object.values(pod?.ports ?? {}));
  const all = [...named, ...declared, 22, 80, 443, 3306, 8081, 9901].filter(Number.isInteger);
  return [...new Set(all.flatMap((port) => [port, port + 1]))].sort((a, b) => a - b);
}
