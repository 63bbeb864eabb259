/** Routes of the Gateway API, read: hosts, parents, rules, backends. Source: Gateway API v1 reference. */
import { asText, getIn, type JsonObject, list, strings } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** The kinds that are read and written. */
export const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'];

/** Where a route sends requests. */
interface BackendRef {
  /** `Service` unless the route says otherwise. */
  kind: string;
  name: string;
  /** That of the route unless it says otherwise. */
  namespace: string;
  port: number | undefined;
  /** Where it stands: `spec.rules[0].backendRefs[0]`. */
  place: string;
}

/** Empty where a route takes the hosts of its listeners. */
export function hostnamesOf({ json }: Resource): string[] {
  return strings(getIn(json, ['spec', 'hostnames']));
}

/** The Gateways, and listeners of them, that it attaches to. */
export function parentsOf({ json }: Resource): JsonObject[] {
  return list(getIn(json, ['spec', 'parentRefs']));
}

/** In the order of the route. */
export function rulesOf({ json }: Resource): JsonObject[] {
  return list(getIn(json, ['spec', 'rules']));
}

/** @param index - of the rule */
export function backendsOfRule(route: Resource, rule: JsonObject, index: number): BackendRef[] {
  return list(rule['backendRefs']).map(({ kind, name, namespace, port }, position) => ({
    kind: typeof kind === 'string' ? kind : 'Service',
    name: asText(name),
    namespace: typeof namespace === 'string' ? namespace : route.namespace,
    port: typeof port === 'number' ? port : undefined,
    place: `spec.rules[${index}].backendRefs[${position}]`,
  }));
}

/** Whether a route has no backend: it sends its requests to another address. */
export function isRedirect(route: Resource): boolean {
  return rulesOf(route).every((rule) => list(rule['backendRefs']).length === 0);
}

/** The parent references of a route that are that Gateway. */
export function parentsTo(route: Resource, gateway: Resource): JsonObject[] {
  return parentsOf(route).filter((parent) => isParent(gateway, parent, route));
}

/** Whether a parent reference of a route is that Gateway. */
export function isParent(gateway: Resource, parent: JsonObject, route: Resource): boolean {
  const namespace = asText(parent['namespace'] ?? route.namespace);
  return gateway.names.includes(asText(parent['name'])) && namespace === gateway.namespace;
}
