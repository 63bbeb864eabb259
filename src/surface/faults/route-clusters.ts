import { clusterNames, clustersOfRoute, objectsAt, routesOf } from '../../envoy/bootstrap.ts';
import { fieldsAt } from '../../envoy/proto-json.ts';
import { jsonOf } from '../parts.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** Routes of Envoy that lead to a cluster that is not in its file. */
export function routesWithoutCluster({ envoys }: Surface): Fault[] {
  return envoys.flatMap((target) => {
    const json = jsonOf(target);
    // Clusters that a control plane hands out are not in the file.
    if (fieldsAt(json, ['dynamic_resources', 'cds_config']).length > 0) return [];
    const names = clusterNames(objectsAt(json, ['static_resources', 'clusters']));
    return routesOf(json).flatMap(({ path, value }) =>
      clustersOfRoute(value)
        .filter((name) => !names.has(name))
        .map((name) =>
          inDocument(target, [...path, 'route'], {
            message: `a route leads to cluster ${name}, and there is no such cluster`,
            fix: `name one of: ${[...names].join(', ')}`,
          }),
        ),
    );
  });
}
