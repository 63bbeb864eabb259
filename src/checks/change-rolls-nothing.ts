/**
 * Whether a change of a config makes new pods.
 *
 * Sources: kustomize's `api/hasher` (the alphabet of its hash), Helm's "Chart development tips" (checksum annotations), the documentation of
 * Stakater Reloader and of Wave.
 */
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import {
  allContainersOf,
  podMetadataOf,
  sourcesOf,
  volumesOf,
  WORKLOAD_KINDS,
} from '../manifests/workload.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Behind the last hyphen: kustomize's ten characters, or a hexadecimal digest with at least one digit. */
const HASH_SUFFIX = /-(?:[2456789bcdfghkmt]{10}|(?=[0-9a-f]*[0-9])[0-9a-f]{8,64})$/;

/** On a ConfigMap inside of a build: kustomize will add the hash. */
const NEEDS_HASH = [
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

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'A ConfigMap whose change restarts nothing',
  why: 'The programs read their config when they start. Without a hash in its name, a checksum annotation on the pods or a reloader, pods go on with the old hosts after an apply.',
  mend: 'make it with `configMapGenerator`, or put a checksum of it into an annotation of the pod template',
  find: (surface) => {
    const { workers, envoys, uis, controllerManagers } = surface;
    const targets = [...workers, ...envoys, ...uis, ...controllerManagers];
    const configMaps = [...new Set(targets.map(({ resource }) => resource))];
    return configMaps
      .filter((configMap) => !isNamedByContent(configMap))
      .flatMap((configMap) => {
        const stale = usersOf(configMap, surface).filter((workload) => !rolls(workload, configMap));
        if (stale.length === 0) return [];
        const users = stale.map(({ kind, name }) => `${kind} ${name}`).join(', ');
        const message = `nothing restarts ${users} when ${configMap.name} changes`;
        return [{ resource: configMap, path: 'metadata.name', message }];
      });
  },
};

/** Other content, other name; or no other content ever. */
function isNamedByContent({ name, json, annotations }: Resource): boolean {
  return (
    HASH_SUFFIX.test(name) ||
    json['immutable'] === true ||
    NEEDS_HASH.some((key) => /^(?:true|enabled)$/.test(String(annotations[key])))
  );
}

function rolls(workload: Resource, configMap: Resource): boolean {
  const pods = podMetadataOf(workload, 'annotations');
  const written = [workload.annotations, pods];
  const isOn = (key: string) => written.some((all) => String(all[key]) === 'true');
  const named = written.flatMap((all) => String(all[WATCHES_NAMED] ?? '').split(/\s*,\s*/));
  const [search, match] = WATCHES_MARKED;
  return (
    Object.entries(pods).some(([key, value]) => CHECKSUM.test(key) && value !== '') ||
    WATCHES_ALL.some(isOn) ||
    named.includes(configMap.name) ||
    (isOn(search) && String(configMap.annotations[match]) === 'true')
  );
}

/** Workloads with the ConfigMap as a volume or in their environment. */
function usersOf(configMap: Resource, { manifests }: Surface): Resource[] {
  const users = configMap.names.flatMap((name) =>
    manifests.withKey(usedConfigMaps, name, ...WORKLOAD_KINDS),
  );
  return [...new Set(users)].filter(({ namespace }) =>
    sameNamespace(namespace, configMap.namespace),
  );
}

function usedConfigMaps(workload: Resource): string[] {
  const containers = allContainersOf(workload);
  const variables = [
    ...containers.flatMap(({ envFrom }) => list(envFrom)).map((from) => from['configMapRef']),
    ...containers
      .flatMap(({ env }) => list(env))
      .map((variable) => getIn(variable, ['valueFrom', 'configMapKeyRef'])),
  ];
  return [
    ...volumesOf(workload).flatMap((volume) => sourcesOf(volume, 'configMap')),
    ...variables.map((reference) => String(getIn(reference, ['name']))),
  ];
}
