/** Gateway API routes as entries. */
import type { Settings } from '../config/settings.ts';
import type { TlsPlace } from '../controllers/controller.ts';
import type { Resource } from '../manifests/resource.ts';
import type { ResourceIndex } from '../manifests/resource-index.ts';
import { list } from '../manifests/workloads.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { roleOfBackend } from './backend.ts';
import type { Backend, Entry, EntryPath, Listener } from './entry.ts';
import { texts } from './ingress-entries.ts';
import type { Parts } from './parts.ts';

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'] as const;

export function routeEntries(
  index: ResourceIndex,
  parts: Parts,
  settings: Settings | undefined,
): Entry[] {
  return index.ofKind(...ROUTE_KINDS).map((resource) => {
    const paths = pathsOf(resource, index, parts);
    const { listeners, hasForeignGateway } = parentsOf(resource, index);
    return {
      resource,
      form: 'route',
      paths,
      roles: new Set(paths.flatMap(({ role }) => role ?? [])),
      hosts: hostnamesOf(resource, listeners),
      tlsPlace: tlsPlaceOf(listeners, hasForeignGateway, settings),
      controllers: [],
      className: undefined,
      listeners,
      hasForeignGateway,
    };
  });
}

/** The hosts of a route: its own, else those of the listeners that it attaches to. */
function hostnamesOf({ json }: Resource, listeners: readonly Listener[]): string[] {
  const own = texts(getIn(json, ['spec', 'hostnames']));
  if (own.length > 0) return own;
  return [...new Set(listeners.flatMap((listener) => texts([listener.json['hostname']])))];
}

function pathsOf(route: Resource, index: ResourceIndex, parts: Parts): EntryPath[] {
  const hosts = hostnamesOf(route, parentsOf(route, index).listeners);
  const rules = list(getIn(route.json, ['spec', 'rules']));
  return rules.flatMap((rule, ruleIndex) => {
    const matches = list(rule['matches']);
    return list(rule['backendRefs']).flatMap((reference, backendIndex) => {
      const backend = backendOf(reference, route, index);
      const common = {
        backend,
        role: roleOfBackend(backend, route, parts),
        place: `spec.rules[${ruleIndex}].backendRefs[${backendIndex}]`,
      };
      return (hosts.length > 0 ? hosts : ['']).flatMap((host) =>
        (matches.length > 0 ? matches : [{}]).map((match) => ({
          ...common,
          host,
          ...pathOf(match),
          isConditional: ['headers', 'queryParams'].some((key) => match[key] !== undefined),
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
  return { path: `/${service ?? '*'}/${method ?? '*'}`, type: 'Exact' };
}

function backendOf(reference: JsonObject, route: Resource, index: ResourceIndex): Backend {
  const { kind, name, namespace, port } = reference;
  const backend = {
    kind: typeof kind === 'string' ? kind : 'Service',
    name: String(name),
    namespace: typeof namespace === 'string' ? namespace : route.namespace,
    port: typeof port === 'number' ? port : undefined,
  };
  return { ...backend, service: index.find(backend.kind, backend.name, backend.namespace) };
}

function parentsOf(
  route: Resource,
  index: ResourceIndex,
): { listeners: Listener[]; hasForeignGateway: boolean } {
  const parents = list(getIn(route.json, ['spec', 'parentRefs']));
  const hosts = texts(getIn(route.json, ['spec', 'hostnames']));
  let hasForeignGateway = false;
  const listeners = parents.flatMap((parent): Listener[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const namespace =
      typeof parent['namespace'] === 'string' ? parent['namespace'] : route.namespace;
    const gateway = index.find('Gateway', String(parent['name']), namespace);
    if (!gateway) {
      hasForeignGateway = true;
      return [];
    }
    const section = parent['sectionName'];
    const named = list(getIn(gateway.json, ['spec', 'listeners']))
      .map((json, position) => ({ gateway, json, place: `spec.listeners[${position}]` }))
      .filter(({ json }) =>
        typeof section === 'string' ? json['name'] === section : takesHost(json, hosts),
      );
    // Such a reference has a finding of its own: nothing is known of the listener that was meant.
    if (named.length === 0) hasForeignGateway = true;
    return named
      .filter(({ json }) => parent['port'] === undefined || parent['port'] === json['port'])
      .filter(({ json }) => takesKind(json, route.kind));
  });
  return { listeners, hasForeignGateway };
}

/** Source: Gateway API, "Hostnames": a listener without one takes all, a wildcard any label in front. */
export function takesHost(listener: JsonObject, hosts: readonly string[]): boolean {
  const own = listener['hostname'];
  if (typeof own !== 'string' || own === '' || hosts.length === 0) return true;
  const matches = (pattern: string, host: string) =>
    pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
  return hosts.some((host) => matches(own, host) || matches(host, own));
}

function takesKind({ protocol }: JsonObject, kind: string): boolean {
  return (kind === 'TLSRoute') === (protocol === 'TLS');
}

function tlsPlaceOf(
  listeners: readonly Listener[],
  hasForeignGateway: boolean,
  settings: Settings | undefined,
): TlsPlace {
  if (listeners.some(({ json }) => getIn(json, ['tls', 'mode']) === 'Passthrough')) return 'envoy';
  if (listeners.some(({ json }) => isObject(json['tls']) || json['protocol'] === 'HTTPS'))
    return 'entry';
  // A Gateway that is not here has listeners that nobody can see from here.
  return hasForeignGateway || settings?.tlsMode === 'external' ? 'external' : 'none';
}
