/** What a base has on the Gateway API for the same hosts, and what goes where the function makes its own. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { getIn, type JsonObject } from '../json.ts';
import type { Inventory } from '../resources/inventory.ts';
import type { Resource } from '../resources/resource.ts';
import { hostnamesOf, isParent, isRedirect, parentsOf } from '../resources/routes.ts';
import { list } from '../resources/workloads.ts';
import { ownGateway } from './gateway-names.ts';
import type { Removal } from './rule.ts';

/** What tells the routes that are made from those that were there. */
interface Served {
  role: PublicRole;
  service: Resource;
  /** Kind of the route that is made. */
  routeKind: string;
}

/**
 * Routes of the base to the same Service, under another name or of another kind: two for one host would share its requests. The
 * base's Gateways go with them where they have listeners of these routes alone.
 */
export function staleRoutes(
  parts: readonly Served[],
  settings: Settings,
  inventory: Inventory,
): Removal[] {
  const stale = new Set<Resource>();
  const made = (route: Resource) =>
    parts.some(({ service, routeKind }) => {
      const names = isRedirect(route) ? [`${service.name}-redirect`] : [service.name];
      const isNamed = names.includes(route.name) && route.namespace === service.namespace;
      return isNamed && route.kind === (isRedirect(route) ? 'HTTPRoute' : routeKind);
    });
  for (const { role } of parts)
    for (const route of role === 'api' ? inventory.apiRoutes : inventory.appRoutes)
      if (!made(route)) stale.add(route);
  const isOwn = parts.some(({ role }) => ownGateway(settings, inventory, role) !== undefined);
  const gateways = isOwn
    ? inventory.gateways.filter(
        (gateway) =>
          !parts.some(({ role }) => ownGateway(settings, inventory, role)?.name === gateway.name) &&
          servesOnly(gateway, [...stale]),
      )
    : [];
  return [...stale, ...gateways].map((resource) => ({ resource, field: 'spec.entry.gateway' }));
}

/** Whether every listener of a Gateway is there for these routes: named by one, or with the host of one. */
function servesOnly(gateway: Resource, routes: readonly Resource[]): boolean {
  const hosts = routes.flatMap(hostnamesOf);
  const names = routes.flatMap((route) =>
    parentsOf(route)
      .filter((parent) => isParent(gateway, parent, route))
      .map((parent) => parent['sectionName']),
  );
  const isTheirs = (listener: JsonObject) =>
    names.includes(listener['name'] ?? null) || hosts.includes(String(listener['hostname']));
  return list(getIn(gateway.json, ['spec', 'listeners'])).every(isTheirs);
}
