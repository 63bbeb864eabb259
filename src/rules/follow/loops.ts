/** Redirects and DNS rows that lead from the old host to the new one: with the new one at both ends they lead to themselves. */
import { hostFinder } from '../../net/host-occurrences.ts';
import { getIn, isObject, type Json, leavesOf } from '../../yaml/json.ts';
import type { Place } from './places.ts';

/**
 * Where a resource as a whole leads: `permanent-redirect` of ingress-nginx, `requestRedirect.hostname` of a route, `redirect.authority` of a
 * VirtualService, `externalName` of a Service.
 */
const TARGET = /(?:-redirect|externalName|redirect\.(?:hostname|authority))$/i;
/** Where an item of a list leads: `host_redirect` of Envoy, `targets` of a DNSEndpoint. */
const TARGET_OF_ITEM = /(?:host_?redirect|targets\.\d+)$/i;

/**
 * Whether what a place belongs to leads to a host already.
 * @param root - the document that `path` is in
 */
export function leadsTo(
  host: string,
  { resource, document }: Place,
  path: Place['path'],
  root: Json | undefined,
): boolean {
  const last = path
    .slice(0, -1)
    .findLastIndex(
      (step, index) => typeof step === 'number' && isObject(getIn(root, path.slice(0, index + 1))),
    );
  const item = last < 0 ? undefined : getIn(root, path.slice(0, last + 1));
  const isTarget = [TARGET, TARGET_OF_ITEM].some((pattern) => pattern.test(path.join('.')));
  if (isTarget) return isObject(item) && item['dnsName'] === host;
  const isWhole =
    document === undefined && !['ConfigMap', 'Secret'].includes(resource?.kind ?? 'Secret');
  return has(item, TARGET_OF_ITEM, host) || (isWhole && has(resource?.json, TARGET, host));
}

function has(value: Json | undefined, target: RegExp, host: string): boolean {
  if (value === undefined) return false;
  return leavesOf(value).some(
    (leaf) =>
      target.test(leaf.path.join('.')) &&
      hostFinder([host.toLowerCase()])
        .find(leaf.value)
        .some(({ form }) => form === 'whole'),
  );
}
