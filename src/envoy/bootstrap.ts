/**
 * What a rule has to know of an Envoy bootstrap: its HTTP connection managers, virtual hosts and clusters, each with its path.
 *
 * Source: Envoy's v3 API reference (`config.bootstrap.v3`, `http_connection_manager.v3`, `config.route.v3`, `config.cluster.v3`).
 */

import { parseServiceAddress } from '../net/service-address.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';

export type Path = readonly (string | number)[];

/** A value inside the bootstrap, and where it stands. */
export interface Located {
  path: Path;
  value: JsonObject;
}

/** How the API server may be recognized in a bootstrap. */
export interface UpstreamHint {
  /** Names that its Service has or had. */
  serviceNames: readonly string[];
  /** Ports on which its Service and its pods speak gRPC. */
  ports: readonly number[];
  /** The address that the config gives: it stands there already where the input is finished output. */
  given?: { host: string; port: number } | undefined;
}

/** The objects of a list, with their paths. */
export function objectsAt(root: Json | undefined, path: Path): Located[] {
  const list = getIn(root, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, index) =>
    isObject(value) ? [{ path: [...path, index], value }] : [],
  );
}

/** The type of a `typed_config` without its package: `HttpConnectionManager`. */
export function typeName(value: unknown): string {
  const type = isObject(value) ? value['@type'] : undefined;
  return typeof type === 'string' ? (type.split('.').at(-1) ?? '') : '';
}

/** The HTTP connection managers of every listener: the path is that of their `typed_config`. */
export function connectionManagers(root: Json | undefined): Located[] {
  const listeners = objectsAt(root, ['static_resources', 'listeners']);
  const chains = listeners.flatMap((listener) => [
    ...objectsAt(root, [...listener.path, 'filter_chains']),
    ...defaultChain(root, listener),
  ]);
  const filters = chains.flatMap((chain) => objectsAt(root, [...chain.path, 'filters']));
  return filters.flatMap((filter) => {
    const config = filter.value['typed_config'];
    return isObject(config) && typeName(config) === 'HttpConnectionManager'
      ? [{ path: [...filter.path, 'typed_config'], value: config }]
      : [];
  });
}

function defaultChain(root: Json | undefined, listener: Located): Located[] {
  const path = [...listener.path, 'default_filter_chain'];
  const value = getIn(root, path);
  return isObject(value) ? [{ path, value }] : [];
}

export function virtualHosts(root: Json | undefined, manager: Located): Located[] {
  return objectsAt(root, [...manager.path, 'route_config', 'virtual_hosts']);
}

/** The names of the clusters that a route sends requests to. */
export function clustersOfRoute(route: JsonObject): string[] {
  const single = getIn(route, ['route', 'cluster']);
  const weighted = objectsAt(route, ['route', 'weighted_clusters', 'clusters']);
  return [single, ...weighted.map((item) => item.value['name'])].filter(
    (name): name is string => typeof name === 'string',
  );
}

/** Whether a route or any route of a virtual host leads to one of the clusters. */
export function leadsTo(owner: JsonObject, clusters: ReadonlySet<string>): boolean {
  const routes = objectsAt(owner, ['routes']).map((route) => route.value);
  return [owner, ...routes].some((route) =>
    clustersOfRoute(route).some((name) => clusters.has(name)),
  );
}

/** The socket addresses of a cluster's endpoints. */
export function endpointsOf(root: Json | undefined, cluster: Located): Located[] {
  const localities = objectsAt(root, [...cluster.path, 'load_assignment', 'endpoints']);
  const endpoints = localities.flatMap((item) => objectsAt(root, [...item.path, 'lb_endpoints']));
  return endpoints.flatMap((endpoint) => {
    const path = [...endpoint.path, 'endpoint', 'address', 'socket_address'];
    const value = getIn(root, path);
    return isObject(value) ? [{ path, value }] : [];
  });
}

/**
 * The clusters that are the API server: by the address of an endpoint, else by its port, else by the cluster's name,
 * else the one that the route for `/michelangelo.api.` leads to. The first way that finds any decides; of several that an
 * address finds, those with a gRPC port count, because the Service may have other ports.
 */
export function apiClusters(root: Json | undefined, hint: UpstreamHint): Located[] {
  const clusters = objectsAt(root, ['static_resources', 'clusters']);
  const { given } = hint;
  const names = new Set(hint.serviceNames);
  const addressed = (test: (address: JsonObject) => boolean) => (cluster: Located) =>
    endpointsOf(root, cluster).some((endpoint) => test(endpoint.value));
  const isGiven = ({ address, port_value: port }: JsonObject) =>
    given !== undefined && address === given.host && Number(port) === given.port;
  const hasName = ({ address }: JsonObject) =>
    typeof address === 'string' && names.has(parseServiceAddress(address)?.name ?? '');
  const hasPort = ({ port_value: port }: JsonObject) => hint.ports.includes(Number(port));
  const routed = apiRouteClusters(root);
  const ways: ((cluster: Located) => boolean)[] = [
    addressed((address) => isGiven(address) || (hasName(address) && hasPort(address))),
    addressed(hasName),
    addressed(hasPort),
    ({ value }) => names.has(String(value['name'])),
    ({ value }) => routed.has(String(value['name'])),
  ];
  for (const way of ways) {
    const found = clusters.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

export function clusterNames(clusters: readonly Located[]): Set<string> {
  return new Set(clusters.map((cluster) => String(cluster.value['name'])));
}

/** The clusters that routes for the API's own path prefix lead to. */
function apiRouteClusters(root: Json | undefined): Set<string> {
  const hosts = connectionManagers(root).flatMap((manager) => virtualHosts(root, manager));
  const routes = hosts.flatMap((host) => objectsAt(root, [...host.path, 'routes']));
  const api = routes.filter((route) => {
    const prefix = getIn(route.value, ['match', 'prefix']);
    return typeof prefix === 'string' && prefix.startsWith('/michelangelo.api');
  });
  return new Set(api.flatMap((route) => clustersOfRoute(route.value)));
}

/** The ports that the listeners of a bootstrap are bound to. */
export function listenerPorts(root: Json | undefined): number[] {
  return objectsAt(root, ['static_resources', 'listeners']).flatMap((listener) => {
    const port = getIn(listener.value, ['address', 'socket_address', 'port_value']);
    return typeof port === 'number' ? [port] : [];
  });
}
