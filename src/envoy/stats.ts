/**
 * Where a bootstrap gives its metrics away, and what those of a cluster are called.
 *
 * Sources: Envoy's "Administration interface" (`/stats/prometheus`) and `config.cluster.v3.Cluster.alt_stat_name`; names of series were
 * read off Envoy 1.40, and a test with the real program reads them again.
 */
import { isLoopback } from '../net/addresses.ts';
import {
  asText,
  getIn,
  type Json,
  type JsonObject,
  list,
  objectAt,
  stringAt,
} from '../yaml/json.ts';
import {
  adminOf,
  adminPort,
  boundAddress,
  clustersOfRoute,
  connectionManagers,
  endpointsOf,
  type Located,
  listenerOf,
  objectsAt,
  objectsIn,
  portOf,
  virtualHosts,
} from './bootstrap.ts';
import { chainOf, tlsContextOf } from './listeners.ts';
import { numberOf } from './proto-json.ts';
import { routesTaking, takesCall } from './route-match.ts';

const STATS = '/stats/prometheus';

/** What a Prometheus asks. */
export interface MetricsEndpoint {
  port: number;
  path: string;
}

/**
 * Where others reach the metrics: a listener without TLS that leads to the admin interface, or the admin interface itself where it is
 * bound to more than its pod. Undefined where neither is there.
 */
export function metricsEndpoint(root: Json | undefined): MetricsEndpoint | undefined {
  const admin = adminOf(root);
  if (!admin) return undefined;
  const names = adminClusters(root);
  const [led] = connectionManagers(root).flatMap((manager) => throughManager(root, manager, names));
  if (led) return led;
  const port = portOf(admin.value);
  return port === undefined || !isOpen(admin) ? undefined : { port, path: STATS };
}

function isOpen(bound: Located): boolean {
  const address = boundAddress(bound);
  return address !== undefined && !isLoopback(address);
}

/** The clusters whose only endpoint is the admin interface of the same Envoy: they lead to nothing outside of its pod. */
export function adminClusters(root: Json | undefined): string[] {
  const port = adminPort(root);
  return objectsAt(root, ['static_resources', 'clusters'])
    .filter((cluster) => {
      const [endpoint, ...others] = endpointsOf(root, cluster);
      return (
        endpoint !== undefined &&
        others.length === 0 &&
        port !== undefined &&
        numberOf(endpoint.value['port_value']) === port &&
        isLoopback(stringAt(endpoint.value, ['address']))
      );
    })
    .map(({ value }) => asText(value['name']));
}

function throughManager(
  root: Json | undefined,
  manager: Located,
  names: readonly string[],
): MetricsEndpoint[] {
  const listener = listenerOf(root, manager);
  const port = listener && portOf(listener.value);
  if (!listener || port === undefined || !isOpen(listener)) return [];
  if (tlsContextOf(chainOf(root, manager))) return [];
  return virtualHosts(root, manager)
    .filter(({ value }) => Array.isArray(value['domains']) && value['domains'].includes('*'))
    .flatMap((host) => {
      const routes = objectsIn(host, ['routes']).map(asGet);
      return routes.flatMap((route) => {
        const path = pathOf(route);
        const [taking, ...others] = path === undefined ? [] : routesTaking(routes, path);
        const isLed =
          taking === route && others.length === 0 && takesCall(route, path ?? '') === true;
        const clusters = clustersOfRoute(route.value);
        const isAdmin = clusters.length === 1 && names.includes(clusters[0] ?? '');
        return isLed && isAdmin && path !== undefined ? [{ port, path }] : [];
      });
    });
}

/** A route as it is for GET, which is how metrics are asked for. */
function asGet({ path, value }: Located): Located {
  const headers = list(getIn(value, ['match', 'headers']));
  const others = headers.filter(
    (header) =>
      header['name'] !== ':method' ||
      ![header['exact_match'], getIn(header, ['string_match', 'exact'])].includes('GET'),
  );
  if (others.length === headers.length) return { path, value };
  const { headers: _, ...match } = objectAt(value, ['match']);
  return {
    path,
    value: { ...value, match: others.length > 0 ? { ...match, headers: others } : match },
  };
}

/** The path that a route hands on as that of the metrics: it may write it anew. */
function pathOf({ value }: Located): string | undefined {
  const rewrite = stringAt(value, ['route', 'prefix_rewrite']);
  if (rewrite === '') return STATS;
  const written = stringAt(value, ['match', 'path']) || stringAt(value, ['match', 'prefix']);
  return rewrite === STATS && written !== '' ? written : undefined;
}

/** The series of one cluster: the name of a metric, and the label by which they are told from those of others. */
export interface ClusterSeries {
  /** @param name - without what all of them begin with: `upstream_cx_total` */
  metric(name: string): string;
  /** Value of the label `envoy_cluster_name`. */
  label: string;
}

/** The label is what stands before the first dot of the name; the rest becomes a part of every metric's own name. */
export function seriesOf(cluster: JsonObject): ClusterSeries {
  const name = stringAt(cluster, ['alt_stat_name']) || stringAt(cluster, ['name']);
  const [label = '', ...rest] = name.replaceAll(':', '_').split('.');
  const infix = rest.map((part) => `${part.replaceAll(/[^a-zA-Z0-9_]/g, '_')}_`).join('');
  return { metric: (metric) => `envoy_cluster_${infix}${metric}`, label };
}
