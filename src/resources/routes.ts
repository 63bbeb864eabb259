/** Gateway API routes of the input, by the Service that they lead to. */
import { getIn } from '../json.ts';
import type { Candidates } from './candidates.ts';
import type { Resource } from './resource.ts';
import { list } from './workloads.ts';

const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'];

/** The routes with a backend among the Services of the given names. */
export function findRoutes(candidates: Candidates, names: ReadonlySet<string>): Resource[] {
  return candidates
    .find(ROUTE_KINDS, [...names])
    .filter((route) => routeBackends(route).some((name) => names.has(name)));
}

/** The Gateways that routes attach to, where they are part of the input. */
export function findGateways(candidates: Candidates, routes: readonly Resource[]): Resource[] {
  const names = new Set(
    routes
      .flatMap((route) => list(getIn(route.json, ['spec', 'parentRefs'])))
      .map((parent) => String(parent['name'])),
  );
  return candidates
    .find(['Gateway'], [...names])
    .filter((gateway) => gateway.names.some((name) => names.has(name)));
}

function routeBackends(route: Resource): string[] {
  const rules = list(getIn(route.json, ['spec', 'rules']));
  return rules
    .flatMap((rule) => list(rule['backendRefs']))
    .map((backend) => String(backend['name']));
}
