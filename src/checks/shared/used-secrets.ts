/** Secrets that something of the stream uses. */
import { podReferencesOf } from '../../manifests/pod-references.ts';
import { once } from '../../surface/once.ts';
import { customSecretUses, secretUses } from './secret-uses.ts';

/** Those of entries and pods, as `namespace/name`. */
export const usedSecrets = once(
  (surface) =>
    new Set([
      ...[...secretUses(surface), ...customSecretUses(surface)].map(
        ({ namespace, secretName }) => `${namespace}/${secretName}`,
      ),
      ...surface.workloads.flatMap((workload) =>
        podReferencesOf(workload)
          .filter(({ kind }) => kind === 'Secret')
          .map(({ name }) => `${workload.namespace}/${name}`),
      ),
    ]),
);
