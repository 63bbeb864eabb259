/** What leads to the API server in an Envoy bootstrap: its clusters, and the routes to them. */
import { asText, type Json, type JsonObject, stringAt } from '../yaml/json.ts';
import {
  clusterNames,
  clustersOfRoute,
  connectionManagers,
  endpointsOf,
  type Located,
  objectsAt,
  objectsIn,
  routesOf,
  virtualHosts,
  weightedClusters,
} from './bootstrap.ts';
import { numberOf } from './proto-json.ts';

/** How the API server may be recognized in a bootstrap. */
export interface UpstreamHint {
  /** Whether an address is that of its Service. */
  isAddress: (address: string) => boolean;
  /** Names that its Service has or had: a cluster may be called so. */
  serviceNames: readonly string[];
  /** Ports on which its Service and its pods speak gRPC. */
  ports: readonly number[];
  /** Hosts under which it is public. */
  publicHosts: readonly string[];
  /** The address that the config gives: it stands there already where the input is finished output. */
  given?: { host: string; port: number } | undefined;
}

/** How Envoy leads to the API. */
export interface EnvoyApi {
  /** The clusters that are the API server. */
  clusters: readonly Located[];
  /** The connection managers with a route to one of them. */
  managers: readonly ApiManager[];
}

/** A connection manager that does. */
export interface ApiManager {
  manager: Located;
  /** Its virtual hosts with a route to the API. */
  hosts: readonly ApiHost[];
}

/** A virtual host that does. */
export interface ApiHost {
  host: Located;
  /** Its routes to the API. */
  routes: readonly ApiRoute[];
}

interface ApiRoute extends Located {
  /** Its weighted clusters that are the API; empty where it names a single cluster. */
  weighted: readonly Located[];
}

/** The clusters of the API server, and everything that leads to them. */
export function findApi(root: Json | undefined, hint: UpstreamHint): EnvoyApi {
  const clusters = apiClusters(root, hint);
  return { clusters, managers: managersTo(root, clusterNames(clusters)) };
}

/** @param names - of the API's clusters; undefined where none is known, and every route may be one to the API */
export function managersTo(
  root: Json | undefined,
  names: ReadonlySet<string> | undefined,
): ApiManager[] {
  const isApi = (name: Json | undefined) => names?.has(asText(name)) ?? true;
  const leadingOf = (host: Located) =>
    objectsIn(host, ['routes'])
      .filter(({ value }) => names === undefined || clustersOfRoute(value).some(isApi))
      .map((route) => ({
        ...route,
        weighted: weightedClusters(route).filter(({ value }) => isApi(value['name'])),
      }));
  return connectionManagers(root)
    .map((manager) => ({
      manager,
      hosts: virtualHosts(root, manager)
        .map((host) => ({ host, routes: leadingOf(host) }))
        .filter(({ routes }) => names === undefined || routes.length > 0),
    }))
    .filter(({ hosts }) => hosts.length > 0);
}

/**
 * The clusters that are the API server: by the address of an endpoint, else by its port, else by the cluster's name,
 * else the one that the route for `/michelangelo.api.` leads to. The first way that finds any decides; of several that an
 * address finds, those with a gRPC port count, because the Service may have other ports.
 */
function apiClusters(root: Json | undefined, hint: UpstreamHint): Located[] {
  const clusters = objectsAt(root, ['static_resources', 'clusters']);
  const { given } = hint;
  const names = new Set(hint.serviceNames);
  const addressed = (test: (address: JsonObject) => boolean) => (cluster: Located) =>
    endpointsOf(root, cluster).some((endpoint) => test(endpoint.value));
  const isGiven = ({ address, port_value: port }: JsonObject) =>
    given !== undefined && address === given.host && numberOf(port) === given.port;
  const hasName = (address: JsonObject) => hint.isAddress(stringAt(address, ['address']));
  const hasPort = ({ port_value: port }: JsonObject) => hint.ports.includes(numberOf(port) ?? -1);
  const routed = apiRouteClusters(root);
  const ways: ((cluster: Located) => boolean)[] = [
    addressed((address) => isGiven(address) || (hasName(address) && hasPort(address))),
    addressed(hasName),
    addressed(hasPort),
    addressed(({ address }) => hint.publicHosts.includes(asText(address))),
    ({ value }) => names.has(asText(value['name'])),
    ({ value }) => routed.has(asText(value['name'])),
  ];
  return ways.map((way) => clusters.filter(way)).find((found) => found.length > 0) ?? [];
}

/** The clusters that routes for the API's own path prefix lead to. */
function apiRouteClusters(root: Json | undefined): Set<string> {
  const api = routesOf(root).filter(({ value }) =>
    stringAt(value, ['match', 'prefix']).startsWith('/michelangelo.api'),
  );
  return new Set(api.flatMap(({ value }) => clustersOfRoute(value)));
}
