/** Redirects and DNS rows that lead from the old host to the new one: with the new one at both ends they lead to themselves. */
import type { Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { remembered } from '../../maps.ts';
import { hostFinder } from '../../net/host-occurrences.ts';
import { getIn, isObject, type Json, type JsonObject, leavesOf } from '../../yaml/json.ts';
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

/**
 * What is said of a host in a value: thousands of places in one resource, or in one table of routes, ask for the same. JSON is never changed
 * in place, so that an answer holds as long as the value does.
 */
function saidIn(
  leavesIn: (value: object) => readonly Leaf[],
): (value: object, host: string) => readonly Leaf[] {
  const leaves = new WeakMap<object, readonly Leaf[]>();
  const answers = new WeakMap<object, Map<string, readonly Leaf[]>>();
  return (value, host) =>
    remembered(
      remembered(answers, value, () => new Map()),
      host,
      () => remembered(leaves, value, () => leavesIn(value)).filter((leaf) => says(leaf, host)),
    );
}

const sourcesOfItem = saidIn((map) => ownLeaves(map as Json).filter(isSource));
const targetsOfItem = saidIn((map) =>
  leavesOf(map as Json).filter((leaf) => isTargetOfItem(leaf) || isTarget(leaf)),
);
const sourcesOfResource = saidIn((json) => leavesOfResource(json as Json).filter(isSource));
const targetsOfResource = saidIn((json) => leavesOfResource(json as Json).filter(isTarget));
const amongRedirects = saidIn((redirects) => redirects as readonly Leaf[]);

/** Whether what a place belongs to has a host at the other end already. */
export function leadsTo(host: string, place: Place, around: Around): boolean {
  const { resource, document, path } = place;
  const isWhole =
    document === undefined && !['ConfigMap', 'Secret'].includes(resource?.kind ?? 'Secret');
  const whole = isWhole ? resource : undefined;
  if (isTarget(place) || isTargetOfItem(around)) {
    const action = actionOf(path);
    const sources = whole ? sourcesOfResource(whole.json, host) : [];
    return (
      maps(around).some((map) => sourcesOfItem(map, host).length > 0) ||
      sources.some((leaf) => !around.isWritten(leaf.path) && isOfAction(action, leaf, resource))
    );
  }
  if (!isSource(place)) return false;
  const [nearest] = maps(around);
  if (nearest && targetsOfItem(nearest, host).length > 0) return true;
  if (!whole) return false;
  return (
    targetsOfResource(whole.json, host).some((leaf) =>
      isOfAction(actionOf(leaf.path), place, resource),
    ) || amongRedirects(redirectsOf(whole, around.manifests), host).length > 0
  );
}

/** Where a resource leads to a host at which it stands by now. */
export function leadingBack(resource: Resource, source: Leaf, manifests: Manifests): Path[] {
  if (!isSource(source)) return [];
  const own = targetsOfResource(resource.json, source.value).filter((leaf) =>
    isOfAction(actionOf(leaf.path), source, resource),
  );
  const others = amongRedirects(redirectsOf(resource, manifests), source.value);
  return [...own, ...others].map(({ path }) => path);
}

/** The items of lists around a place, and the two ends of Traefik's `redirectRegex`, from the inside out. */
function maps({ root, path }: Around): JsonObject[] {
  return path
    .map((step, index) => ({ step, value: getIn(root, path.slice(0, index + 1)) }))
    .slice(0, -1)
    .filter(
      ({ step, value }) =>
        isObject(value) && (typeof step === 'number' || step === 'redirectRegex'),
    )
    .map(({ value }) => value as JsonObject)
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
