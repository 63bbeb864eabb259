/** ConfigMaps and the pods that mount them. */
import type { Manifest } from './support.ts';

export type { Manifest } from './support.ts';

export interface Mounted {
  configMap: Manifest;
  workload: Manifest;
  /** The volumes that hold the ConfigMap. */
  volumes: Manifest[];
}

/** Each Deployment whose name ends in the word, with its ConfigMap. */
export function podsOf(manifests: readonly Manifest[], word: string): Mounted[] {
  const workloads = manifests.filter(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith(word),
  );
  const mounted = workloads.flatMap((workload) => {
    const all: Manifest[] = workload.spec.template.spec.volumes.filter(
      ({ configMap }: Manifest) => configMap,
    );
    const name = all[0]?.configMap.name;
    const configMap = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
    );
    return configMap
      ? [{ configMap, workload, volumes: all.filter((volume) => volume.configMap.name === name) }]
      : [];
  });
  if (mounted.length === 0) throw new Error(`no Deployment …${word} with a ConfigMap`);
  return mounted;
}
