/**
 * Fields of clusters, routes and filters that Envoy's schema takes, and that keep it from starting: each tried with Envoy 1.40.
 *
 * Sources: Envoy's `config.cluster.v3.Cluster`, `config.core.v3.HealthCheck`, `config.route.v3.WeightedCluster` and `RouteAction`.
 */
import {
  connectionManagers,
  endpointsOf,
  type Located,
  objectsAt,
  objectsIn,
  routesOf,
  weightedClusters,
} from '../../envoy/bootstrap.ts';
import { isEnum, isTrue, numberOf, type Path } from '../../envoy/proto-json.ts';
import { asText, getIn, isObject, type Json } from '../../yaml/json.ts';

/** What Envoy refuses, without the document that it stands in. */
export interface Refusal {
  path: Path;
  message: string;
  fix: string;
}

/** Everything in one bootstrap for which Envoy would not start; paths count from the root. */
export function refusalsIn(root: Json | undefined): Refusal[] {
  const clusters = objectsAt(root, ['static_resources', 'clusters']);
  return [
    ...clusters.flatMap((cluster, index) => [
      ...ofName(cluster, clusters.slice(0, index)),
      ...ofType(cluster, root),
      ...ofHealthChecks(cluster),
    ]),
    ...routesOf(root).flatMap(ofRoute),
    ...connectionManagers(root).flatMap(ofRouter),
  ];
}

function ofName({ path, value }: Located, before: readonly Located[]): Refusal[] {
  const name = asText(value['name']);
  if (name === '' || !before.some((other) => asText(other.value['name']) === name)) return [];
  return [
    {
      path: [...path, 'name'],
      message: `there are two clusters with the name ${name}`,
      fix: 'keep one of them, or give it another name',
    },
  ];
}

function ofType(cluster: Located, root: Json | undefined): Refusal[] {
  const { path, value } = cluster;
  const name = asText(value['name']);
  const place = [...path, 'type'];
  if (isEnum(value['type'], 'EDS', 3) && value['eds_cluster_config'] === undefined)
    return [
      {
        path: place,
        message: `cluster ${name} is EDS, and no eds_cluster_config says where its endpoints come from`,
        fix: 'write `type: STRICT_DNS` for the endpoints that it has',
      },
    ];
  if (isEnum(value['type'], 'ORIGINAL_DST', 4)) {
    const isRight = isEnum(value['lb_policy'], 'CLUSTER_PROVIDED', 6);
    if (isRight && endpointsOf(root, cluster).length === 0) return [];
    return [
      {
        path: place,
        message: `cluster ${name} is ORIGINAL_DST, which has no endpoints of its own and the lb_policy CLUSTER_PROVIDED alone`,
        fix: 'write `type: STRICT_DNS` for the endpoints that it has',
      },
    ];
  }
  return [];
}

const NEEDED = ['timeout', 'interval', 'unhealthy_threshold', 'healthy_threshold'];

function ofHealthChecks(cluster: Located): Refusal[] {
  return objectsIn(cluster, ['health_checks']).flatMap(({ path, value }) => {
    const missing = NEEDED.filter((field) => value[field] === undefined);
    return missing.length === 0
      ? []
      : [
          {
            path,
            message: `a health check of cluster ${asText(cluster.value['name'])} has no ${missing.join(' and no ')}`,
            fix: `write ${missing.map((field) => `\`${field}\``).join(' and ')}`,
          },
        ];
  });
}

function ofRoute(route: Located): Refusal[] {
  const all = weightedClusters(route);
  const weights = all.map(({ value }) => numberOf(value['weight']) ?? 0);
  const isByHeader = all.some(({ value }) => value['cluster_header'] !== undefined);
  const rewrites = ['prefix_rewrite', 'regex_rewrite', 'path_rewrite_policy'].filter(
    (field) => getIn(route.value, ['route', field]) !== undefined,
  );
  return [
    ...(all.length > 0 && !isByHeader && weights.every((weight) => weight === 0)
      ? [
          {
            path: [...route.path, 'route', 'weighted_clusters'],
            message: 'all weights of the route are 0',
            fix: 'give one of the clusters a weight',
          },
        ]
      : []),
    ...(rewrites.length > 1
      ? [
          {
            path: [...route.path, 'route', rewrites[1] ?? ''],
            message: `a route has ${rewrites.join(' and ')}, and may have one of them`,
            fix: 'keep one of them',
          },
        ]
      : []),
  ];
}

function ofRouter(manager: Located): Refusal[] {
  const last = objectsIn(manager, ['http_filters']).at(-1);
  if (!last || !isObject(last.value['typed_config']) || !isTrue(last.value['disabled'])) return [];
  return [
    {
      path: [...last.path, 'disabled'],
      message: `the last filter, ${asText(last.value['name'])}, is disabled`,
      fix: 'take `disabled` away',
    },
  ];
}
