/** Whether a peer of a rule can be the one that is needed, as far as these manifests tell. */
import {
  canSelectNamespace,
  NAMESPACE_LABEL,
  selectsLabels,
  selectsPods,
} from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import { type PolicyRule, rangeOf } from '../../manifests/network-policy.ts';
import type { Resource } from '../../manifests/resource.ts';
import { cidrFault, isWithin } from '../../net/cidrs.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject } from '../../yaml/json.ts';

/** Whether a rule is open to the pods of a workload of these manifests. */
export function admitsWorkload({ peers, policy }: PolicyRule, workload: Resource): boolean {
  return (
    peers === undefined ||
    peers.some((peer) => {
      // Ranges may be those of the pods: nobody can tell.
      if (rangeOf(peer) !== undefined) return true;
      const namespaces = peer['namespaceSelector'];
      const isNamespace = isObject(namespaces)
        ? canSelectNamespace(namespaces, workload.namespace)
        : sameNamespace(policy.namespace, workload.namespace);
      return isNamespace && selectsPods(peer['podSelector'], workload);
    })
  );
}

/**
 * Whether a rule is open to somebody outside of these manifests: ranges, other namespaces, and pods of this one that are none of ours.
 * @param namespace - the other side's, where it is known
 */
export function admitsOutsider(
  { peers, policy }: PolicyRule,
  { workloads, manifests }: Surface,
  namespace = '',
): boolean {
  return (
    peers === undefined ||
    peers.some((peer) => {
      if (rangeOf(peer) !== undefined) return true;
      const namespaces = peer['namespaceSelector'];
      if (isObject(namespaces) && !isOnly(namespaces, policy.namespace))
        return canSelectNamespace(namespaces, namespace);
      if (namespace !== '' && !sameNamespace(namespace, policy.namespace)) return false;
      // A Gateway's own pods stand beside it, under labels that its controller chooses.
      const hasGateway = manifests
        .ofKind('Gateway')
        .some((gateway) => sameNamespace(gateway.namespace, policy.namespace));
      if (hasGateway && selectsLabels(peer['podSelector'], {})) return true;
      const isOurs = workloads.some(
        (workload) =>
          sameNamespace(workload.namespace, policy.namespace) &&
          selectsPods(peer['podSelector'], workload),
      );
      return !isOurs;
    })
  );
}

/** Whether a rule is open to addresses outside of the cluster, or to everybody. */
export function admitsAddresses({ peers }: PolicyRule, cidr?: string): boolean {
  return (
    peers === undefined ||
    peers.some((peer) => {
      const range = rangeOf(peer);
      return range !== undefined && (cidr === undefined || covers(peer, range, cidr));
    })
  );
}

function isOnly(selector: JsonObject, namespace: string): boolean {
  return namespace !== '' && getIn(selector, ['matchLabels', NAMESPACE_LABEL]) === namespace;
}

/** A malformed range has a finding of its own; one of the other family covers nothing. */
function covers(peer: JsonObject, range: string, cidr: string): boolean {
  const except = getIn(peer, ['ipBlock', 'except']);
  const holes = Array.isArray(except) ? except.map(asText) : [];
  const isInside = isWithin(cidr, range);
  if (isInside === undefined) return cidrFault(range) !== undefined;
  return isInside && !holes.some((hole) => isWithin(cidr, hole));
}
