/** The listeners of a base's own Gateway: which of them are a role's, and what they say for its hosts. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import { hostnameOf, listenersOf } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, isRedirect, parentsTo } from '../manifests/route.ts';
import { hostInName, shortName } from '../manifests/short-name.ts';
import { mainHost } from '../surface/main-host.ts';
import { asText, getIn, isObject, type JsonObject, list } from '../yaml/json.ts';

/** A role of which a base has routes. */
export interface RoutedRole {
  role: PublicRole;
  hosts: readonly [PublicHost, ...PublicHost[]];
  routes: readonly Resource[];
}

/** The listeners that came of one: the first goes by its name, the others are copies for aliases. */
export type Copies = ReadonlyMap<string, readonly string[]>;

/** The listeners for the roles' new hosts; the names say which came of which. */
export function listenersFor(
  gateway: Resource,
  roles: readonly RoutedRole[],
): { listeners: JsonObject[]; copies: Copies } {
  const old = listenersOf(gateway).map(({ json }) => json);
  const owners = new Map(old.map((listener) => [listener, ownerOf(gateway, listener, roles)]));
  const copies = new Map<string, string[]>();
  const listeners = old.flatMap((listener): JsonObject[] => {
    const owner = owners.get(listener);
    if (!owner) return [listener];
    const { hosts } = owner;
    const own = old.filter((other) => owners.get(other) === owner).map(hostnameOf);
    const main = mainHost(
      own,
      hosts.map(({ host }) => host),
    );
    // Those of a second run are made anew from the one that they are copies of.
    const isCopy = hosts.some(({ host }) => host === hostnameOf(listener));
    if (hostnameOf(listener) !== main) return isCopy ? [] : [listener];
    const made = hosts.map((host, index) => ({
      ...withHost(listener, host),
      ...(index === 0 ? {} : { name: copyName(listener, host, hosts) }),
    }));
    copies.set(
      asText(listener['name']),
      made.map(({ name }) => String(name)),
    );
    return made;
  });
  return { listeners, copies };
}

/** The host of a route that is its role's, and not somebody else's beside it; undefined where it has none. */
export function ownHost(route: Resource, hosts: readonly PublicHost[]): string | undefined {
  return mainHost(
    hostnamesOf(route),
    hosts.map(({ host }) => host),
  );
}

/** The role whose host the listener has, first that of a route which names it. One without a host serves every route. */
function ownerOf(
  gateway: Resource,
  listener: JsonObject,
  roles: readonly RoutedRole[],
): RoutedRole | undefined {
  const hostname = hostnameOf(listener);
  if (hostname === '' || hostname.startsWith('*.')) return undefined;
  const isServed = ({ routes, hosts }: RoutedRole) =>
    hosts.some(({ host }) => host === hostname) ||
    routes.some((route) => !isRedirect(route) && ownHost(route, hosts) === hostname);
  const isNamed = ({ routes, hosts }: RoutedRole) =>
    routes.some(
      (route) =>
        !isRedirect(route) &&
        parentsTo(route, gateway).some(({ sectionName }) => sectionName === listener['name']) &&
        (hostnamesOf(route).length === 0 || isServed({ role: 'api', routes: [route], hosts })),
    );
  return roles.find(isNamed) ?? roles.find(isServed);
}

function copyName(
  listener: JsonObject,
  { host }: PublicHost,
  hosts: readonly PublicHost[],
): string {
  const all = hosts.map((each) => each.host);
  return shortName(`${asText(listener['name'])}-${hostInName(host, all)}`);
}

function withHost(listener: JsonObject, { host, secretName }: PublicHost): JsonObject {
  const { tls } = listener;
  const refs = list(getIn(tls, ['certificateRefs']));
  const [first] = refs;
  // One with the Secret among others, for another kind of key, serves as it is.
  const isNamed = refs.some(({ name }) => name === secretName);
  if (!isObject(tls) || !first || secretName === undefined || isNamed)
    return { ...listener, hostname: host };
  return {
    ...listener,
    hostname: host,
    tls: { ...tls, certificateRefs: [{ ...first, name: secretName }] },
  };
}
