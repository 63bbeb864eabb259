/** Configs of workers in several files: a later one may turn TLS on or off without naming the address again. */
import { mountsConfigMap } from '../manifests/workload.ts';
import { getIn, isObject } from '../yaml/json.ts';
import { isDataFile, mentions } from './document-roles.ts';
import type { DocumentTarget } from './parts.ts';
import type { Surface } from './surface.ts';

const WORD = 'useTLS';

/** Documents with `worker.useTLS` and no address, beside a worker's config: in its ConfigMap, or in one that the same pods mount. */
export function workerLayers(surface: Surface): DocumentTarget[] {
  const { manifests, workers } = surface;
  const homes = new Set(workers.map(({ resource }) => resource));
  const workloads = surface.mounting(workers);
  return manifests
    .find(['ConfigMap'], [WORD])
    .filter(
      (resource) =>
        homes.has(resource) ||
        (resource.role === '' && workloads.some((workload) => mountsConfigMap(workload, resource))),
    )
    .flatMap((resource) =>
      resource
        .documentKeys(mentions([WORD]))
        .filter((key) => isDataFile(key) && isLayer(resource.document(key)?.json))
        .map((key) => ({ resource, key })),
    );
}

function isLayer(json: unknown): boolean {
  const worker = getIn(json, ['worker']);
  return isObject(worker) && Object.hasOwn(worker, WORD) && !Object.hasOwn(worker, 'address');
}
