/** The rules of one direction of a policy, peers that are the same together. */
import type { LabelSelector } from '../../config/generated/domain-config.ts';
import { NAMESPACE_LABEL } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { asRange } from '../../net/cidrs.ts';
import { asNumber, type JsonObject } from '../../yaml/json.ts';

type Protocol = 'TCP' | 'UDP';

/** The rules of one direction of a policy, those of the same peers joined. */
export class RuleList {
  readonly #key: 'from' | 'to';
  readonly #rules = new Map<
    string,
    { peers: readonly JsonObject[]; ports: Map<string, JsonObject> }
  >();

  constructor(key: 'from' | 'to') {
    this.#key = key;
  }

  /** Nothing where there are no peers or no ports: in a policy an empty list would mean everybody, or every port. */
  add(
    peers: readonly JsonObject[],
    ports: readonly number[],
    protocols: readonly Protocol[] = ['TCP'],
  ): void {
    if (peers.length === 0 || ports.length === 0) return;
    const key = JSON.stringify(peers);
    const rule = this.#rules.get(key) ?? { peers, ports: new Map() };
    for (const port of ports)
      for (const protocol of protocols) rule.ports.set(`${protocol} ${port}`, { protocol, port });
    this.#rules.set(key, rule);
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }

  /** The order of ports is that of their numbers: a second run finds them in another one. */
  toJson(): JsonObject[] {
    return [...this.#rules.values()].map(({ peers, ports }) => ({
      [this.#key]: [...peers],
      ports: [...ports.values()].sort(
        (left, right) => asNumber(left['port']) - asNumber(right['port']),
      ),
    }));
  }
}

/** Addresses and selectors of the config as peers of a rule. */
export function peersFor({
  cidrs = [],
  namespaceSelector,
  podSelector,
}: {
  cidrs?: readonly string[];
  namespaceSelector?: LabelSelector;
  podSelector?: LabelSelector;
}): JsonObject[] {
  const selectors = {
    ...(namespaceSelector ? { namespaceSelector: namespaceSelector as JsonObject } : {}),
    ...(podSelector ? { podSelector: podSelector as JsonObject } : {}),
  };
  return [
    ...cidrs.map((cidr) => ({ ipBlock: { cidr: asRange(cidr) } })),
    ...(Object.keys(selectors).length > 0 ? [selectors] : []),
  ];
}

/** Pods of these manifests as a peer of a policy for others. */
export function podsAsPeer(
  pods: Resource,
  podSelector: JsonObject,
  policyFor: Resource,
): JsonObject {
  if (sameNamespace(pods.namespace, policyFor.namespace)) return { podSelector };
  const namespaceSelector = { matchLabels: { [NAMESPACE_LABEL]: pods.namespace } };
  return { namespaceSelector, podSelector };
}

const dnsPods = (name: string): JsonObject => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': name } },
});

/**
 * Where names are resolved in most clusters: CoreDNS and kube-dns alike, and NodeLocal DNSCache, whose pods use the host's network, so that no
 * selector takes them, but where Cilium redirects to them.
 *
 * Source: Kubernetes, "Using NodeLocal DNSCache in Kubernetes Clusters" and the add-on's README, "Network policy and DNS connectivity".
 */
export const DNS_PEERS: readonly JsonObject[] = [
  dnsPods('kube-dns'),
  dnsPods('node-local-dns'),
  { ipBlock: { cidr: '169.254.20.10/32' } },
];
