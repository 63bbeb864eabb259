/** What can be wrong with a reference to a Gateway. */
import { nearest } from '../../config/wording.ts';
import { listenersOf, takesHost } from '../../manifests/gateway.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostnamesOf, ROUTE_KINDS } from '../../manifests/route.ts';
import { asText, getIn, type JsonObject, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { solversOf } from '../solvers.ts';
import type { Surface } from '../surface.ts';
import type { Fault, LinkFault } from './fault.ts';
import { missingOfKind } from './issuer-references.ts';

/** A fault of a reference to a parent; `name` is the Gateway's, as it is written. */
interface GatewayFault extends LinkFault {
  gateway: string;
}

/** Parents of routes and of solvers: Gateways, and their listeners. */
export function gatewayFaults(surface: Surface): GatewayFault[] {
  const { manifests } = surface;
  return [
    ...manifests.ofKind(...ROUTE_KINDS).flatMap((route) => routeFaults(route, surface)),
    ...manifests.ofKind('Issuer', 'ClusterIssuer').flatMap((issuer) =>
      solversOf(issuer).flatMap((_, position) => {
        const http01 = ['spec', 'acme', 'solvers', position, 'http01'];
        return onParents(issuer, [...http01, 'gatewayHTTPRoute', 'parentRefs'], surface);
      }),
    ),
  ];
}

/** What is wrong with the parents of a route. */
export function routeFaults(route: Resource, surface: Surface): GatewayFault[] {
  return onParents(route, ['spec', 'parentRefs'], surface);
}

function onParents(
  owner: Resource,
  path: readonly (string | number)[],
  surface: Surface,
): GatewayFault[] {
  return list(getIn(owner.json, path)).flatMap((parent, position): GatewayFault[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const name = asText(parent['name']);
    const { namespace } = parent;
    const home = typeof namespace === 'string' ? namespace : owner.namespace;
    const gateway = surface.manifests.named('Gateway', name, home);
    const place = `${toPath(path)}[${position}]`;
    const common = { code: 'reference-missing', resource: owner, gateway: name } as const;
    if (gateway) {
      const fault = onGateway(gateway, parent, place, hostnamesOf(owner));
      return fault ? [{ ...common, ...fault }] : [];
    }
    const isNamesake = surface.manifests.namesakes('Gateway', name).length > 0;
    if (isElsewhere(namespace, name, surface) && !isNamesake) return [];
    const missing = missingOfKind('Gateway', name, surface, home);
    return [
      { ...common, path: `${place}.name`, ...missing, ...doubt(name, home, missing, surface) },
    ];
  });
}

/**
 * A Gateway that is there, without the listener that is asked for.
 * @param hosts - of the route; without one it takes those of the listeners
 */
function onGateway(
  gateway: Resource,
  { sectionName: section, port }: JsonObject,
  place: string,
  hosts: readonly string[],
): Pick<GatewayFault, 'path' | 'message' | 'fix'> | undefined {
  const listeners = listenersOf(gateway).map(({ json }) => json);
  const ports = listeners
    .filter((listener) => section === undefined || listener['name'] === section)
    .map((listener) => listener['port']);
  if (typeof port === 'number' && ports.length > 0 && !ports.includes(port)) {
    const of = section === undefined ? 'no listener' : `no listener ${asText(section)}`;
    return {
      path: `${place}.port`,
      message: `Gateway ${gateway.name} has ${of} on port ${port}`,
      fix: `name one of: ${asText([...new Set(ports)])}; or take the port away`,
    };
  }
  if (typeof section === 'string') {
    const names = listeners.map((listener) => listener['name']);
    if (names.includes(section)) return undefined;
    return {
      path: `${place}.sectionName`,
      message: `Gateway ${gateway.name} has no listener ${section}`,
      fix: `name one of: ${asText(names)}`,
    };
  }
  // A route that no listener takes is attached to none.
  if (hosts.length === 0 || listeners.some((listener) => takesHost(listener, hosts)))
    return undefined;
  return {
    path: 'spec.hostnames',
    message: `no listener of Gateway ${gateway.name} takes ${hosts.join(', ')}`,
    fix: 'add a listener for the host, or give the route a host of a listener',
  };
}

/** Beside Gateways with quite other names it may be one of another stream, unless the config says otherwise. */
function doubt(
  name: string,
  home: string,
  { message }: Pick<Fault, 'message'>,
  { settings, manifests }: Surface,
): Partial<Fault> {
  const gateways = manifests.ofKind('Gateway');
  const isNear = gateways.some((gateway) => areNear(gateway.name, name));
  const isHere = manifests.all.some((resource) => resource.namespace === home);
  if (settings || (isNear && isHere)) return {};
  return {
    severity: 'warning',
    message: `${message}, and the route serves nothing unless it is made elsewhere`,
  };
}

/** Whether one name is the other with a prefix or a suffix, or misspelled. */
function areNear(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one) || nearest(one, [other]) !== undefined;
}

/** A Gateway that the config says exists, of another namespace, or of a stream that has none at all. */
function isElsewhere(namespace: unknown, name: string, { settings, manifests }: Surface): boolean {
  const given = Object.values(settings?.entries ?? {}).flatMap(
    ({ gateway }) => gateway?.value.parentRefs ?? [],
  );
  if (given.some((reference) => reference.name === name)) return true;
  const isForeign =
    typeof namespace === 'string' &&
    !manifests.all.some((resource) => resource.namespace === namespace);
  if (isForeign) return true;
  return manifests.ofKind('Gateway').length === 0 && (settings === undefined || given.length > 0);
}
