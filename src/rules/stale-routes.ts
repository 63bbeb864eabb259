/** What a base has on the Gateway API for the same hosts, and what goes where the function makes its own. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import { Draft } from '../manifests/edit.ts';
import { hostnameOf, listenersOf } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, isRedirect, parentsTo, ROUTE_KINDS } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { Part } from './gateway-names.ts';
import type { Removal } from './rule.ts';

const FIELD = 'spec.entry.gateway';

interface StaleRoutes {
  removals: Removal[];
  drafts: Draft[];
  /** Routes that go, and those that are made anew under their name. */
  replaced: readonly Resource[];
  /** Routes of others that would lose their listener. */
  orphans: readonly Resource[];
}

/**
 * Routes of the base to the same Service, under another name or of another kind: two for one host would share its requests. Where a
 * Gateway is made, the base's listeners for these routes go too, and a Gateway that has no others goes as a whole.
 */
export function staleRoutes(parts: readonly Part[], surface: Surface): StaleRoutes {
  const ours = parts.filter(({ own }) => own);
  const all = new Set(PUBLIC_ROLES.flatMap((role) => surface.routesOf(role)));
  const stale = [...all].filter(
    (route) => !parts.some((part) => isMade(route, part)) && isReplaced(route, parts, surface),
  );
  const made = [...all].filter((route) => parts.some((part) => isMade(route, part)));
  const replaced = [...stale, ...made];
  const orphans: Resource[] = [];
  const removals: Removal[] = stale.map((resource) => ({ resource, field: FIELD }));
  const drafts: Draft[] = [];
  for (const gateway of ours.length > 0 ? surface.gateways : []) {
    if (ours.some(({ own }) => own?.name === gateway.name)) continue;
    const others = surface.manifests
      .find(ROUTE_KINDS, gateway.names)
      .filter((route) => !all.has(route) && parentsTo(route, gateway).length > 0);
    const left = listenersOfOthers(gateway, stale, others.length > 0);
    const hosts = stale.flatMap(hostnamesOf);
    orphans.push(
      ...others.filter((route) => hostnamesOf(route).some((host) => hosts.includes(host))),
    );
    const draft = new Draft(gateway);
    if (left.length === 0) removals.push({ resource: gateway, field: FIELD });
    else draft.reconcile(['spec', 'listeners'], left, FIELD);
    drafts.push(draft);
  }
  return { removals, drafts, replaced, orphans };
}

/** A redirect goes where each of its roles gets one of its own; on a Gateway of somebody else's it stays. */
function isReplaced(route: Resource, parts: readonly Part[], surface: Surface): boolean {
  const roles = PUBLIC_ROLES.filter((role) => surface.routesOf(role).includes(route));
  const moved = isRedirect(route) ? parts.filter(({ own }) => own) : parts;
  return roles.every((role) => moved.some((part) => part.role === role));
}

/** Whether a route is the one that is made: it is brought up to date in place. */
function isMade(route: Resource, { service, routeKind }: Part): boolean {
  const isPlain = isRedirect(route);
  const name = isPlain ? `${service.name}-redirect` : service.name;
  const kind = isPlain ? 'HTTPRoute' : routeKind;
  return route.name === name && route.kind === kind && route.namespace === service.namespace;
}

/** The listeners of others. One without a host of its own is shared: it goes only with the last of them. */
function listenersOfOthers(
  gateway: Resource,
  routes: readonly Resource[],
  isShared: boolean,
): JsonObject[] {
  const hosts = routes.flatMap(hostnamesOf);
  const names = routes.flatMap((route) =>
    parentsTo(route, gateway).map(({ sectionName }) => sectionName),
  );
  const all = listenersOf(gateway).map(({ json }) => json);
  const isNamed = ({ name }: JsonObject) => names.includes(name);
  const hasHost = (listener: JsonObject) => hosts.includes(hostnameOf(listener));
  if (!isShared && all.every((listener) => isNamed(listener) || hasHost(listener))) return [];
  return all.filter((listener) => !hasHost(listener));
}
