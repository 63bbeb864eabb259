/** Gateway API routes as entries. */
import type { TlsPlace } from '../controllers/controller.ts';
import { type Listener, listenersOf, takesHost, tlsModeOf } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import {
  backendsOfRule,
  hostnamesOf,
  isRedirect,
  parentsOf,
  ROUTE_KINDS,
  rulesOf,
} from '../manifests/route.ts';
import { asText, getIn, type JsonObject, list, strings } from '../yaml/json.ts';
import type { Entry, EntryPath, ServiceRole } from './entry.ts';
import type { Surface } from './surface.ts';

/** @param words - of which each has one; undefined for every route of the stream */
export function routeEntries(surface: Surface, words: readonly string[] | undefined): Entry[] {
  return surface.manifests.find(ROUTE_KINDS, words).map((resource): Entry => {
    const { listeners, hasForeignGateway } = attachmentsOf(resource, surface);
    const hosts = hostsOf(resource, listeners);
    const paths = entryPaths(resource, hosts, surface);
    return {
      resource,
      form: 'route',
      paths,
      roles: new Set(paths.flatMap(({ role }) => role ?? [])),
      hosts,
      tlsPlace: tlsPlaceOf(resource, listeners, hasForeignGateway, surface),
      controllers: [],
      className: undefined,
      listeners,
      hasForeignGateway,
    };
  });
}

/** The routes with a backend of a role, a guess aside, and those that redirect the same hosts. */
export function routesTo(surface: Surface, role: ServiceRole): Resource[] {
  const serving = surface.entries
    .filter(
      ({ form, paths }) =>
        form === 'route' && paths.some((path) => path.role === role && !path.isGuess),
    )
    .map(({ resource }) => resource);
  const hosts = new Set(serving.flatMap(hostnamesOf));
  if (hosts.size === 0) return serving;
  const redirecting = surface.manifests
    .find(['HTTPRoute'], ['filters'])
    .filter((route) => isRedirect(route) && hostnamesOf(route).some((host) => hosts.has(host)));
  return [...serving, ...redirecting];
}

/** The Gateways that routes attach to, where they are part of the stream. */
export function gatewaysOf({ manifests }: Surface, routes: readonly Resource[]): Resource[] {
  const names = new Set(routes.flatMap(parentsOf).map((parent) => asText(parent['name'])));
  return manifests
    .find(['Gateway'], [...names])
    .filter((gateway) => gateway.names.some((name) => names.has(name)));
}

/** The hosts of a route: its own, else those of the listeners that it attaches to. */
function hostsOf(route: Resource, listeners: readonly Listener[]): string[] {
  const own = hostnamesOf(route);
  if (own.length > 0) return own;
  return [...new Set(listeners.flatMap(({ json }) => strings([json['hostname'] ?? null])))];
}

function entryPaths(route: Resource, hosts: readonly string[], surface: Surface): EntryPath[] {
  return rulesOf(route).flatMap((rule, index) => {
    const matches = list(rule['matches']);
    return backendsOfRule(route, rule, index).flatMap(({ place, ...reference }) => {
      const { kind, name, namespace } = reference;
      const backend = { ...reference, service: surface.manifests.named(kind, name, namespace) };
      const common = { backend, ...surface.roleOf(backend, route), place };
      return (hosts.length > 0 ? hosts : ['']).flatMap((host) =>
        (matches.length > 0 ? matches : [{}]).map((match) => ({
          ...common,
          host,
          ...pathOf(match),
          match,
          // The method of a GRPCRoute is its path.
          isConditional:
            typeof match['method'] === 'string' ||
            ['headers', 'queryParams'].some((key) => match[key] !== undefined),
        })),
      );
    });
  });
}

/** A path, or the service and method of a GRPCRoute, which are one. */
function pathOf(match: JsonObject): { path: string; type: string } {
  const path = getIn(match, ['path', 'value']);
  if (typeof path === 'string') {
    const type = getIn(match, ['path', 'type']);
    return { path, type: typeof type === 'string' ? type : 'PathPrefix' };
  }
  const service = getIn(match, ['method', 'service']);
  const method = getIn(match, ['method', 'method']);
  if (service === undefined && method === undefined) return { path: '/', type: 'PathPrefix' };
  return { path: `/${asText(service ?? '*')}/${asText(method ?? '*')}`, type: 'Exact' };
}

function attachmentsOf(
  route: Resource,
  { manifests }: Surface,
): { listeners: Listener[]; hasForeignGateway: boolean } {
  const hosts = hostnamesOf(route);
  let hasForeignGateway = false;
  const listeners = parentsOf(route).flatMap((parent): Listener[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const namespace =
      typeof parent['namespace'] === 'string' ? parent['namespace'] : route.namespace;
    const gateway = manifests.named('Gateway', asText(parent['name']), namespace);
    const section = parent['sectionName'];
    const named = (gateway ? listenersOf(gateway) : [])
      .filter(({ json }) =>
        typeof section === 'string' ? json['name'] === section : takesHost(json, hosts),
      )
      .filter(({ json }) => parent['port'] === undefined || parent['port'] === json['port']);
    // A listener that is not there has a finding of its own: nothing is known of the one that was meant.
    if (named.length === 0) hasForeignGateway = true;
    return named.filter(({ json }) => takesKind(json, route.kind));
  });
  return { listeners, hasForeignGateway };
}

function takesKind({ protocol }: JsonObject, kind: string): boolean {
  return (kind === 'TLSRoute') === (protocol === 'TLS');
}

function tlsPlaceOf(
  { kind }: Resource,
  listeners: readonly Listener[],
  hasForeignGateway: boolean,
  { settings }: Surface,
): TlsPlace {
  const modes = listeners.map(({ json }) => tlsModeOf(json));
  if (modes.includes('Passthrough')) return 'envoy';
  if (modes.includes('Terminate')) return 'entry';
  // It carries nothing but TLS: a listener that does not let it in has a finding of its own.
  if (kind === 'TLSRoute') return 'envoy';
  // A Gateway that is not here has listeners that nobody can see from here.
  return hasForeignGateway || settings?.tlsMode === 'external' ? 'external' : 'none';
}
