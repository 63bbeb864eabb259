/**
 * What a rule has to know of an Envoy bootstrap: its HTTP connection managers, virtual hosts and clusters, each with its path.
 *
 * Source: Envoy's v3 API reference (`config.bootstrap.v3`, `http_connection_manager.v3`, `config.route.v3`, `config.cluster.v3`).
 */
import {
  asText,
  getIn,
  isObject,
  type Json,
  type JsonObject,
  stringAt,
  strings,
} from '../yaml/json.ts';
import { fieldsAt, numberOf, type Path, unwrapped, viewOf } from './proto-json.ts';

export type { Path } from './proto-json.ts';

/** A value inside the bootstrap, and where it stands. */
export interface Located {
  /** As it is spelled in the document. */
  path: Path;
  /** With every field written with underscores. */
  value: JsonObject;
}

/** The objects of a list, with their paths; one that stands there in both spellings is one list. */
export function objectsAt(root: Json | undefined, path: Path): Located[] {
  return fieldsAt(root, path).flatMap((place) =>
    (Array.isArray(place.value) ? place.value : []).flatMap((value, index) =>
      isObject(value) ? [{ path: [...place.path, index], value: viewOf(value) }] : [],
    ),
  );
}

/** The objects of a list inside a value, with their paths from the top of the bootstrap. */
export function objectsIn({ path, value }: Located, below: Path): Located[] {
  return objectsAt(value, below).map((item) => ({ ...item, path: [...path, ...item.path] }));
}

/** The object at a place inside a value, if there is one. */
export function objectIn({ path, value }: Located, below: Path): Located[] {
  const [found] = fieldsAt(value, below);
  return isObject(found?.value)
    ? [{ path: [...path, ...found.path], value: viewOf(found.value) }]
    : [];
}

/** The message of an extension at a place inside a value, taken out of its wrapper. */
export function messageIn(located: Located, below: Path): Located[] {
  return objectIn(located, below).map(({ path, value }) => unwrapped(path, value));
}

/** The type of a `typed_config` without its package: `HttpConnectionManager`. */
export function typeName(value: unknown): string {
  return stringAt(value, ['@type']).split('.').at(-1) ?? '';
}

/** The filter chains of every listener, the default ones included. */
export function filterChains(root: Json | undefined): Located[] {
  return objectsAt(root, ['static_resources', 'listeners']).flatMap((listener) => [
    ...objectsIn(listener, ['filter_chains']),
    ...objectIn(listener, ['default_filter_chain']),
  ]);
}

/** The HTTP connection managers of every listener: the path is that of their `typed_config`. */
export function connectionManagers(root: Json | undefined): Located[] {
  return filterChains(root)
    .flatMap((chain) => objectsIn(chain, ['filters']))
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .filter(({ value }) => typeName(value) === 'HttpConnectionManager');
}

/** Those of the route table that a connection manager has inline. */
export function virtualHosts(root: Json | undefined, manager: Located): Located[] {
  return objectsAt(root, [...manager.path, 'route_config', 'virtual_hosts']);
}

/** The routes of every virtual host. */
export function routesOf(root: Json | undefined): Located[] {
  return connectionManagers(root)
    .flatMap((manager) => virtualHosts(root, manager))
    .flatMap((host) => objectsIn(host, ['routes']));
}

/** The weighted clusters of a route. */
export function weightedClusters(route: Located): Located[] {
  return objectsIn(route, ['route', 'weighted_clusters', 'clusters']);
}

/** The names of the clusters that a route sends requests to. */
export function clustersOfRoute(route: JsonObject): string[] {
  const single = getIn(route, ['route', 'cluster']);
  const weighted = objectsAt(route, ['route', 'weighted_clusters', 'clusters']);
  return strings([single, ...weighted.map((item) => item.value['name'])]);
}

/** The socket addresses of a cluster's endpoints. */
export function endpointsOf(root: Json | undefined, cluster: Located): Located[] {
  const localities = objectsAt(root, [...cluster.path, 'load_assignment', 'endpoints']);
  const endpoints = localities.flatMap((item) => objectsAt(root, [...item.path, 'lb_endpoints']));
  return endpoints.flatMap((item) => objectIn(item, ['endpoint', 'address', 'socket_address']));
}

/** By these routes refer to clusters. */
export function clusterNames(clusters: readonly Located[]): Set<string> {
  return new Set(clusters.map((cluster) => asText(cluster.value['name'])));
}

/** The ports that the listeners of a bootstrap are bound to. */
export function listenerPorts(root: Json | undefined): number[] {
  return objectsAt(root, ['static_resources', 'listeners']).flatMap(
    ({ value }) => portOf(value) ?? [],
  );
}

/** The ports of the listeners that connection managers belong to. */
export function portsOfManagers(root: Json | undefined, managers: readonly Located[]): number[] {
  return objectsAt(root, ['static_resources', 'listeners'])
    .filter(({ path }) =>
      managers.some((manager) => path.every((key, index) => manager.path[index] === key)),
    )
    .flatMap(({ value }) => portOf(value) ?? []);
}

/** The listener that a connection manager belongs to. */
export function listenerOf(root: Json | undefined, manager: Located): Located | undefined {
  return objectsAt(root, ['static_resources', 'listeners']).find(({ path }) =>
    path.every((key, index) => manager.path[index] === key),
  );
}

/** The address that a listener, or the admin interface, is bound to; undefined where it is no IP address: a pipe. */
export function boundAddress({ value }: Located): string | undefined {
  const address = getIn(value, ['address', 'socket_address', 'address']);
  return typeof address === 'string' ? address : undefined;
}

/** The admin interface. */
export function adminOf(root: Json | undefined): Located | undefined {
  const [admin] = fieldsAt(root, ['admin']);
  return admin && isObject(admin.value) ? { ...admin, value: viewOf(admin.value) } : undefined;
}

/** The port of the admin interface. */
export function adminPort(root: Json | undefined): number | undefined {
  const admin = adminOf(root);
  return admin && portOf(admin.value);
}

/** The port that a listener, or the admin interface, is bound to. */
export function portOf(value: JsonObject): number | undefined {
  return numberOf(getIn(value, ['address', 'socket_address', 'port_value']));
}
