/** Whether a change of a config makes new pods. */
import { hasChecksum, isNamedByContent, isWatched, usersOf } from '../surface/rollout.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'A ConfigMap whose change restarts nothing',
  why: 'The programs read their config when they start. Without a hash in its name, a checksum annotation on the pods or a reloader, pods go on with the old hosts after an apply.',
  fix: 'make it with `configMapGenerator`, or put a checksum of it into an annotation of the pod template',
  find: (surface) => {
    const { clients, envoys, uis } = surface;
    const targets = [...clients, ...envoys, ...uis];
    const configMaps = [...new Set(targets.map(({ resource }) => resource))];
    return configMaps
      .filter((configMap) => !isNamedByContent(configMap))
      .flatMap((configMap) => {
        const stale = usersOf(configMap, surface.manifests).filter(
          (workload) => !hasChecksum(workload) && !isWatched(workload, configMap),
        );
        if (stale.length === 0) return [];
        const users = stale.map(({ kind, name }) => `${kind} ${name}`).join(', ');
        const message = `nothing restarts ${users} when ${configMap.name} changes`;
        return [{ resource: configMap, path: 'metadata.name', message }];
      });
  },
};
