/** NetworkPolicies that the API server refuses. Source: Kubernetes, `pkg/apis/networking/validation`, `ValidateNetworkPolicyPort` and `ValidateNetworkPolicyPeer`. */
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText, getIn, type JsonObject, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

type Path = readonly (string | number)[];

const RULES = [
  { direction: 'ingress', peers: 'from' },
  { direction: 'egress', peers: 'to' },
] as const;

/** Of one NetworkPolicy: ranges of ports, and peers of two kinds in one. */
export function refusedPolicies(policy: Resource): Fault[] {
  return RULES.flatMap(({ direction, peers }) =>
    list(getIn(policy.json, ['spec', direction])).flatMap((rule, at) => [
      ...list(rule['ports']).flatMap((port, index) =>
        ofPort(policy, port, ['spec', direction, at, 'ports', index]),
      ),
      ...list(rule[peers]).flatMap((peer, index) =>
        ofPeer(policy, peer, ['spec', direction, at, peers, index]),
      ),
    ]),
  );
}

function ofPort(resource: Resource, { port, endPort }: JsonObject, path: Path): Fault[] {
  if ((endPort ?? undefined) === undefined) return [];
  const place = { resource, path: toPath([...path, 'endPort']) };
  if (typeof port !== 'number')
    return [
      {
        ...place,
        message: `a range that ends at ${asText(endPort)} has to begin at a number, and it begins at ${asText(port ?? 'nothing')}: Kubernetes refuses it`,
        fix: 'write the first port as a number, or take `endPort` away',
      },
    ];
  if (typeof endPort !== 'number' || endPort >= port) return [];
  return [
    {
      ...place,
      message: `endPort ${endPort} is less than port ${port}: Kubernetes refuses it`,
      fix: 'write the lower port in `port`',
    },
  ];
}

const SELECTORS = ['podSelector', 'namespaceSelector'];

function ofPeer(resource: Resource, peer: JsonObject, path: Path): Fault[] {
  const selectors = SELECTORS.filter((field) => (peer[field] ?? undefined) !== undefined);
  const hasBlock = (peer['ipBlock'] ?? undefined) !== undefined;
  if (hasBlock && selectors.length > 0)
    return [
      {
        resource,
        path: toPath([...path, 'ipBlock']),
        message: `a peer with \`ipBlock\` may not have \`${selectors.join('` and `')}\`: Kubernetes refuses it`,
        fix: 'make two peers of it: addresses in the one, selectors in the other',
      },
    ];
  if (hasBlock || selectors.length > 0) return [];
  return [
    {
      resource,
      path: toPath(path),
      message: 'a peer has to have a selector or `ipBlock`: Kubernetes refuses it',
      fix: 'write `podSelector: {}` for the pods of the namespace, or `namespaceSelector: {}` for all',
    },
  ];
}
