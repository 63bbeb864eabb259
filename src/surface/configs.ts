/** The texts that our programs are configured by. */
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, mountsConfigMap } from '../manifests/workload.ts';
import { getIn, list } from '../yaml/json.ts';
import { isDataFile, mentions } from './document-roles.ts';
import type { DocumentTarget } from './parts.ts';
import type { Surface } from './surface.ts';

/**
 * Values of ConfigMaps with one of some words: of those that have a part of ours, and of those that the same pods, or task pods, read.
 * Envoy's own documents are not among them.
 */
export function configsOf(surface: Surface, words: readonly string[]): DocumentTarget[] {
  const { clients, uis, envoys, taskPods, manifests } = surface;
  const parts = [...clients, ...uis];
  const homes = new Set(parts.map(({ resource }) => resource));
  const workloads = [
    ...surface.mounting(parts),
    ...surface.apiServices.flatMap((service) => surface.podsOf(service)),
  ];
  const isOurs = (configMap: Resource) =>
    homes.has(configMap) ||
    taskPods.includes(configMap) ||
    workloads.some(
      (workload) => mountsConfigMap(workload, configMap) || readsFrom(workload, configMap),
    );
  return manifests
    .find(['ConfigMap'], words)
    .filter(
      (configMap) => !envoys.some(({ resource }) => resource === configMap) && isOurs(configMap),
    )
    .flatMap((resource) =>
      resource
        .documentKeys(mentions(words))
        .filter((key) => isDataFile(key) && !resource.document(key)?.problem)
        .map((key) => ({ resource, key })),
    );
}

/** Whether containers have a ConfigMap as their environment, under its current or its original name. */
function readsFrom(workload: Resource, configMap: Resource): boolean {
  return (
    workload.namespace === configMap.namespace &&
    allContainersOf(workload)
      .flatMap((container) => list(container['envFrom']))
      .some((source) => configMap.names.includes(String(getIn(source, ['configMapRef', 'name']))))
  );
}
