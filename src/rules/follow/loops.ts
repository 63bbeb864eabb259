/** Redirects and DNS rows that lead from the old host to the new one: with the new one at both ends they lead to themselves. */
import type { Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostFinder } from '../../net/host-occurrences.ts';
import { getIn, isObject, type Json, leavesOf } from '../../yaml/json.ts';
import type { Place } from './places.ts';
import { actionOf, isOfAction, type Leaf, leavesOfResource, redirectsOf } from './redirects.ts';

type Path = Place['path'];

/**
 * Where a resource as a whole leads: `permanent-redirect` and `rewrite-target` of ingress-nginx, `redirect-to` of haproxy-ingress, an action
 * of the AWS controller, `redirectRegex` of Traefik, `requestRedirect.hostname` of a route, `redirect.authority` of a VirtualService,
 * `requestRedirectPolicy.hostname` of an HTTPProxy, `redirect.url` of a VirtualServer, `externalName` of a Service, `target` of external-dns.
 */
const TARGET =
  /(?:-redirect|redirect-to|rewrite-target|externalName|redirect(?:policy)?\.(?:hostname|authority|url)|redirectConfig\.host|redirectRegex\.replacement|external-dns[\w.-]*\/target)$/i;
/** Where an item of a list leads: `host_redirect` of Envoy, `targets` of a DNSEndpoint. */
const TARGET_OF_ITEM = /(?:host_?redirect|targets\.\d+)$/i;

/** Under these keys, or in their lists, stands the host that is asked for. */
const SOURCE =
  /(?:domains?|dnsName|hosts?|hostnames?|fqdn|server_?names|authority\.\w+|match|regex|redirect-from|server-alias|hostHeaderConfig\.values)(?:\.\d+)?$/i;

const isTarget = ({ path }: Pick<Leaf, 'path'>) => TARGET.test(path.join('.'));
const isTargetOfItem = ({ path }: Pick<Leaf, 'path'>) => TARGET_OF_ITEM.test(path.join('.'));
const isSource = (leaf: Pick<Leaf, 'path'>) =>
  SOURCE.test(leaf.path.join('.')) && !isTarget(leaf) && !isTargetOfItem(leaf);

/** What is around a place. */
interface Around {
  /** The document that the place is in, and its path there. */
  root: Json | undefined;
  path: Path;
  manifests: Manifests;
  /** Whether a rule has written a place of the resource: what is said there now was not said before. */
  isWritten: (path: Path) => boolean;
}

/** Whether what a place belongs to has a host at the other end already. */
export function leadsTo(host: string, place: Place, around: Around): boolean {
  const { resource, document, path } = place;
  const isWhole =
    document === undefined && !['ConfigMap', 'Secret'].includes(resource?.kind ?? 'Secret');
  const isOther = (leaf: Leaf) => !around.isWritten(leaf.path) && says(leaf, host);
  const whole = isWhole && resource ? leavesOfResource(resource) : [];
  const isTargetHere = isTarget(place) || isTargetOfItem(around);
  if (isTargetHere) {
    const action = actionOf(path);
    return (
      maps(around).some((map) =>
        ownLeaves(map).some((leaf) => isSource(leaf) && says(leaf, host)),
      ) ||
      whole.some((leaf) => isSource(leaf) && isOther(leaf) && isOfAction(action, leaf, resource))
    );
  }
  if (!isSource(place)) return false;
  const [nearest] = maps(around);
  return (
    leavesOf(nearest).some(
      (leaf) => (isTargetOfItem(leaf) || isTarget(leaf)) && says(leaf, host),
    ) ||
    whole.some(
      (leaf) =>
        isTarget(leaf) && says(leaf, host) && isOfAction(actionOf(leaf.path), place, resource),
    ) ||
    (isWhole &&
      resource !== undefined &&
      redirectsOf(resource, around.manifests).some((leaf) => says(leaf, host)))
  );
}

/** Where a resource leads to a host at which it stands by now. */
export function leadingBack(resource: Resource, source: Leaf, manifests: Manifests): Path[] {
  if (!isSource(source)) return [];
  const own = leavesOfResource(resource).filter(
    (leaf) =>
      isTarget(leaf) &&
      says(leaf, source.value) &&
      isOfAction(actionOf(leaf.path), source, resource),
  );
  const others = redirectsOf(resource, manifests).filter(({ value }) =>
    says({ value }, source.value),
  );
  return [...own, ...others].map(({ path }) => path);
}

/** The items of lists around a place, and the two ends of Traefik's `redirectRegex`, from the inside out. */
function maps({ root, path }: Around): Json[] {
  return path
    .map((step, index) => ({ step, value: getIn(root, path.slice(0, index + 1)) }))
    .slice(0, -1)
    .filter(
      ({ step, value }) =>
        isObject(value) && (typeof step === 'number' || step === 'redirectRegex'),
    )
    .map(({ value }) => value as Json)
    .reverse();
}

/** What a map says that is not said in an item of a list in it. */
function ownLeaves(map: Json): Leaf[] {
  return leavesOf(map).filter(
    ({ path }) => !path.slice(0, -1).some((step) => typeof step === 'number'),
  );
}

function says({ value }: Pick<Leaf, 'value'>, host: string): boolean {
  return hostFinder([host.toLowerCase()])
    .find(value)
    .some(({ form }) => form === 'whole');
}
