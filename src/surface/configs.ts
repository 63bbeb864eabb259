/** The texts that our programs are configured by. */
import type { Resource } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { isDataFile, mentions } from './document-roles.ts';
import { filesOf } from './envoy-files.ts';
import { once } from './once.ts';
import type { DocumentTarget } from './parts.ts';
import { usedConfigMaps } from './rollout.ts';
import type { Surface } from './surface.ts';

/** The workloads whose pods have a part of ours: those that mount one, the API server's, and Envoy's. */
export const programsOf = once((surface): readonly Resource[] => {
  const { clients, uis, apiServices, envoyPods } = surface;
  const found = [
    ...surface.mounting([...clients, ...uis]),
    ...apiServices.flatMap((service) => surface.podsOf(service)),
    ...envoyPods.workloads,
  ];
  return [...new Set(found)];
});

/**
 * Values of ConfigMaps with one of some words: of those that have a part of ours, and of those that the same pods, or task pods, read.
 * The documents that Envoy starts from are not among them.
 */
export function configsOf(surface: Surface, words: readonly string[]): DocumentTarget[] {
  const { clients, uis, envoys, taskPods, manifests } = surface;
  const homes = new Set([...clients, ...uis].map(({ resource }) => resource));
  const programs = groupedBy(programsOf(surface), usedConfigMaps);
  const isOurs = (configMap: Resource) =>
    homes.has(configMap) ||
    taskPods.includes(configMap) ||
    configMap.names.some((name) =>
      programs.get(name)?.some(({ namespace }) => namespace === configMap.namespace),
    );
  const isOfEnvoy = (configMap: Resource, key: string) =>
    envoys.some((envoy) => envoy.resource === configMap && filesOf(envoy).includes(key));
  return manifests.find(['ConfigMap'], words).flatMap((resource) =>
    isOurs(resource)
      ? resource
          .documentKeys(mentions(words))
          .filter((key) => isDataFile(key) && !isOfEnvoy(resource, key))
          .filter((key) => !resource.document(key)?.problem)
          .map((key) => ({ resource, key }))
      : [],
  );
}
