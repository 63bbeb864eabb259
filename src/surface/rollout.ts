/**
 * Whether a change of a ConfigMap makes new pods: the one answer for the function, which sees to it, and for the check.
 *
 * Sources: Helm's "Chart development tips" (checksum annotations), the documentation of
 * Stakater Reloader and of Wave.
 */

import { type Manifests, sameNamespace } from '../manifests/manifests.ts';
import { podReferencesOf } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { podMetadataOf, WORKLOAD_KINDS } from '../manifests/workload.ts';
import { asText } from '../yaml/json.ts';
import { CONTENT_HASH } from './near-names.ts';

/** Behind the last hyphen: kustomize's ten characters, or a hexadecimal digest with at least one digit. */
const HASH_SUFFIX = new RegExp(`(?:${CONTENT_HASH}|-(?=[0-9a-f]*[0-9])[0-9a-f]{8,64})$`);

/** On a ConfigMap inside of a build: kustomize will add the hash. */
export const NEEDS_HASH = [
  'kustomize.config.k8s.io/needs-hash',
  'internal.config.kubernetes.io/needsHashSuffix',
];

/** Keys of annotations of a pod template that change with a config. */
const CHECKSUM = /checksum|sha(?:1|256)|(?:^|[-/.])(?:hash|digest)$/i;

/** Annotations of a workload by which a controller watches all that it mounts. */
const WATCHES_ALL = [
  'reloader.stakater.com/auto',
  'configmap.reloader.stakater.com/auto',
  'wave.pusher.com/update-on-config-change',
];

/** A comma list of ConfigMaps. */
const WATCHES_NAMED = 'configmap.reloader.stakater.com/reload';

/** On the workload, for the ConfigMaps that carry the second one. */
const WATCHES_MARKED = ['reloader.stakater.com/search', 'reloader.stakater.com/match'] as const;

/** Whether kustomize is to name it after its content, when the function has written it. */
export function isHashPending({ annotations }: Resource): boolean {
  return NEEDS_HASH.some((key) => /^(?:true|enabled)$/.test(asText(annotations[key])));
}

/** Other content, other name; or no other content ever. */
export function isNamedByContent(configMap: Resource): boolean {
  const { name, json } = configMap;
  return HASH_SUFFIX.test(name) || json['immutable'] === true || isHashPending(configMap);
}

/** Whether a workload's pods have a checksum of a config. */
export function hasChecksum(workload: Resource): boolean {
  const pods = podMetadataOf(workload, 'annotations');
  return Object.entries(pods).some(([key, value]) => CHECKSUM.test(key) && value !== '');
}

/** Whether a controller restarts a workload's pods when the ConfigMap changes. */
export function isWatched(workload: Resource, configMap: Resource): boolean {
  const written = [workload.annotations, podMetadataOf(workload, 'annotations')];
  const isOn = (key: string) => written.some((all) => asText(all[key]) === 'true');
  const named = written.flatMap((all) => asText(all[WATCHES_NAMED] ?? '').split(/\s*,\s*/));
  const [search, match] = WATCHES_MARKED;
  return (
    WATCHES_ALL.some(isOn) ||
    named.includes(configMap.name) ||
    (isOn(search) && asText(configMap.annotations[match]) === 'true')
  );
}

/** Workloads with the ConfigMap as a volume or in their environment. */
export function usersOf(configMap: Resource, manifests: Manifests): Resource[] {
  const users = configMap.names.flatMap((name) =>
    manifests.withKey(usedConfigMaps, name, ...WORKLOAD_KINDS),
  );
  return [...new Set(users)].filter(({ namespace }) =>
    sameNamespace(namespace, configMap.namespace),
  );
}

/** Names of all ConfigMaps that the pods of a workload read, mounted or as variables. */
export function usedConfigMaps(workload: Resource): string[] {
  return podReferencesOf(workload)
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ name }) => name);
}
