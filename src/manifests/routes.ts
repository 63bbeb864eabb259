/** Gateway API routes of the input, by the Service that they lead to. */
import { getIn, type JsonObject } from '../yaml/json.ts';
import type { Candidates } from './candidates.ts';
import type { Resource } from './resource.ts';
import { list } from './workloads.ts';

const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'];

/** The routes with a backend among the Services of the given names, and those that redirect to the same hosts. */
export function findRoutes(candidates: Candidates, names: ReadonlySet<string>): Resource[] {
  const serving = candidates
    .find(ROUTE_KINDS, [...names])
    .filter((route) => backendsOf(route).some((name) => names.has(name)));
  const hosts = serving.flatMap(hostnamesOf);
  if (hosts.length === 0) return serving;
  const redirecting = candidates
    .find(['HTTPRoute'], hosts)
    .filter(
      (route) => isRedirect(route) && hostnamesOf(route).some((host) => hosts.includes(host)),
    );
  return [...serving, ...redirecting];
}

/** The Gateways that routes attach to, where they are part of the input. */
export function findGateways(candidates: Candidates, routes: readonly Resource[]): Resource[] {
  const names = new Set(routes.flatMap(parentsOf).map((parent) => String(parent['name'])));
  return candidates
    .find(['Gateway'], [...names])
    .filter((gateway) => gateway.names.some((name) => names.has(name)));
}

/** Whether a route has no backend: it sends its requests to another address. */
export function isRedirect(route: Resource): boolean {
  return backendsOf(route).length === 0;
}

export function hostnamesOf(route: Resource): string[] {
  const hostnames = getIn(route.json, ['spec', 'hostnames']);
  return Array.isArray(hostnames) ? hostnames.map(String) : [];
}

export function parentsOf(route: Resource): JsonObject[] {
  return list(getIn(route.json, ['spec', 'parentRefs']));
}

/** Whether a parent reference of a route is that Gateway. */
export function isParent(gateway: Resource, parent: JsonObject, route: Resource): boolean {
  const namespace = String(parent['namespace'] ?? route.namespace);
  return gateway.names.includes(String(parent['name'])) && namespace === gateway.namespace;
}

function backendsOf(route: Resource): string[] {
  const rules = list(getIn(route.json, ['spec', 'rules']));
  return rules
    .flatMap((rule) => list(rule['backendRefs']))
    .map((backend) => String(backend['name']));
}
