/** The parts of a rendered Envoy config that tests look at or change. Everything else stays as it was rendered. */
import { parse } from 'yaml';

export interface SocketAddress {
  address: string;
  port_value: number;
}

export interface Address {
  socket_address: SocketAddress;
}

export interface Route {
  name?: string;
  route?: {
    cluster: string;
    timeout?: string;
    idle_timeout?: string;
    max_stream_duration?: object;
  };
}

export interface ConnectionManager {
  stream_idle_timeout?: string;
  route_config: { virtual_hosts: { routes: Route[] }[] };
  http_filters: { name: string }[];
}

export interface FilterChain {
  filters: { name: string; typed_config: ConnectionManager }[];
  transport_socket?: object;
}

export interface Cluster {
  name: string;
  load_assignment: {
    endpoints: { lb_endpoints: { endpoint: { address: Address } }[] }[];
  };
}

export interface EnvoyConfig {
  node?: { id: string; cluster: string };
  admin: { address: Address };
  static_resources: {
    listeners: { name: string; address: Address; filter_chains: FilterChain[] }[];
    clusters: Cluster[];
  };
}

/** Reads the text of a rendered config anew, so that each caller may change its own. */
export function readEnvoyConfig(text: string): EnvoyConfig {
  return parse(text) as EnvoyConfig;
}

/** The one filter chain of the listener that serves the app. */
export function filterChain({ static_resources: { listeners } }: EnvoyConfig): FilterChain {
  return onlyOne(
    listeners
      .filter(({ name }) => name !== 'metrics')
      .flatMap(({ filter_chains }) => filter_chains),
    'filter chain',
  );
}

/** The connection manager in it. */
export function connectionManager(config: EnvoyConfig): ConnectionManager {
  return onlyOne(filterChain(config).filters, 'network filter').typed_config;
}

/** What the route to the API does. */
export function apiRoute(config: EnvoyConfig): NonNullable<Route['route']> {
  const routes = connectionManager(config).route_config.virtual_hosts.flatMap((one) => one.routes);
  const api = routes.flatMap(({ name, route }) => (name === 'api' && route ? [route] : []));
  return onlyOne(api, 'route named api');
}

/** The address of every endpoint. */
export function endpoints({ static_resources: { clusters } }: EnvoyConfig): SocketAddress[] {
  return clusters
    .flatMap((cluster) => cluster.load_assignment.endpoints)
    .flatMap((locality) => locality.lb_endpoints)
    .map(({ endpoint }) => endpoint.address.socket_address);
}

function onlyOne<T>(found: readonly T[], what: string): T {
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`found ${found.length} times a ${what} in Envoy's config, expecting one`);
  return one;
}
