import { clusterNames, objectsAt } from '../../envoy/bootstrap.ts';
import { fieldsAt, type Path, viewOf } from '../../envoy/proto-json.ts';
import { isObject, type Json } from '../../yaml/json.ts';
import { areNearNames } from '../near-names.ts';
import { jsonOf } from '../parts.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** Clusters that Envoy's routes, mirrors, filters and loggers name and that are not in its file. */
export function routesWithoutCluster({ envoys }: Surface): Fault[] {
  return envoys.flatMap((target) => {
    const json = jsonOf(target);
    // Clusters that a control plane hands out are not in the file.
    if (fieldsAt(json, ['dynamic_resources', 'cds_config']).length > 0) return [];
    const names = clusterNames(objectsAt(json, ['static_resources', 'clusters']));
    return SECTIONS.flatMap((section) =>
      fieldsAt(json, section).flatMap(({ path, value }) => namedIn(viewOf(value), path)),
    )
      .filter(({ name }) => !names.has(name))
      .map(({ path, name, isRoute }) => {
        const near = [...names].filter((other) => areNearNames(other, name));
        return inDocument(target, path, {
          message: `${isRoute ? 'a route leads' : `${path.findLast((key, index) => typeof key === 'string' && index < path.length - 1) ?? 'it'} refers`} to cluster ${name}, and there is no such cluster`,
          fix: `name one of: ${(near.length > 0 ? near : [...names]).join(', ')}`,
        });
      });
  });
}

/** Where requests, logs and spans are sent from. */
const SECTIONS: readonly (readonly string[])[] = [
  ['static_resources', 'listeners'],
  ['tracing'],
  ['stats_sinks'],
];

interface Named {
  path: Path;
  name: string;
  isRoute: boolean;
}

/**
 * Every place that names a cluster: `route.cluster`, the names of weighted clusters, `request_mirror_policies[].cluster`, and a filter's
 * `http_uri.cluster`, `envoy_grpc.cluster_name`, `tcp_proxy.cluster`.
 */
function namedIn(value: Json | undefined, path: Path): Named[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => namedIn(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]): Named[] => {
    const place = [...path, key];
    if ((key === 'cluster' || key === 'cluster_name') && typeof item === 'string' && item !== '')
      return [
        path.at(-1) === 'route'
          ? { path, name: item, isRoute: true }
          : { path: place, name: item, isRoute: false },
      ];
    if (key === 'weighted_clusters' && isObject(item))
      return objectsAt(item, ['clusters']).flatMap((cluster) => {
        const { name } = cluster.value;
        return typeof name === 'string' ? [{ path, name, isRoute: true }] : [];
      });
    // Names and values that a filter is given for itself.
    return key === 'metadata' || key === 'node' ? [] : namedIn(item, place);
  });
}
