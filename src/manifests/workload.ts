/** Everything that has pods, read: the pod's spec, labels, containers, ports, volumes. Source: Kubernetes API reference. */
import {
  asNumber,
  asText,
  getIn,
  isObject,
  type JsonObject,
  list,
  objectAt,
  strings,
} from '../yaml/json.ts';
import { sameNamespace } from './manifests.ts';
import type { Resource } from './resource.ts';
import { selectorOf } from './service.ts';

/** Kinds that have pods, with the path of the pod template in them. */
const POD_TEMPLATES = new Map<string, readonly string[]>([
  ['Pod', []],
  ['Deployment', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['Rollout', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

/** The kinds that have pods. */
export const WORKLOAD_KINDS: readonly string[] = [...POD_TEMPLATES.keys()];

/** Where the pods' template stands; empty for a Pod itself. */
export function podTemplatePath(workload: Resource): readonly string[] {
  return POD_TEMPLATES.get(workload.kind) ?? [];
}

/** The spec of a workload's pods. */
export function podSpecOf(workload: Resource): JsonObject {
  return objectAt(workload.json, [...podTemplatePath(workload), 'spec']);
}

/** The name of the ServiceAccount that a workload's pods use: `default` where none is written, under the old key as under the new one. */
export function serviceAccountOf(workload: Resource): string {
  const { serviceAccountName, serviceAccount } = podSpecOf(workload);
  const [name] = [serviceAccountName, serviceAccount].filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  return name ?? 'default';
}

/** Labels or annotations of a workload's pods. */
export function podMetadataOf(workload: Resource, part: 'labels' | 'annotations'): JsonObject {
  return objectAt(workload.json, [...podTemplatePath(workload), 'metadata', part]);
}

/** The containers of a workload's pods, init containers aside. */
export function containersOf(workload: Resource): JsonObject[] {
  return list(podSpecOf(workload)['containers']);
}

/** Containers, and init containers, which may be sidecars. */
export function allContainersOf(workload: Resource): JsonObject[] {
  return [...containersOf(workload), ...list(podSpecOf(workload)['initContainers'])];
}

/** A port that a container declares. */
export interface ContainerPort {
  name: string;
  number: number;
  protocol: string;
}

/** The ports that containers declare. */
export function containerPortsOf(containers: readonly JsonObject[]): ContainerPort[] {
  return containers
    .flatMap((container) => list(container['ports']))
    .map(({ name, containerPort, protocol }) => ({
      name: asText(name ?? ''),
      number: asNumber(containerPort),
      protocol: asText(protocol ?? 'TCP'),
    }));
}

/** The number of a container port that goes by a name. */
export function namedPort(workload: Resource, name: string): number | undefined {
  const found = containerPortsOf(allContainersOf(workload)).find((port) => port.name === name);
  return found && Number.isInteger(found.number) ? found.number : undefined;
}

/** The volumes of a workload's pods. */
export function volumesOf(workload: Resource): JsonObject[] {
  return list(podSpecOf(workload)['volumes']);
}

/** The names that a volume refers to by a source of one kind, projected sources included. */
export function sourcesOf(volume: JsonObject, kind: 'configMap' | 'secret'): string[] {
  const projected = list(getIn(volume, ['projected', 'sources']));
  const own = kind === 'secret' ? getIn(volume, ['secret', 'secretName']) : undefined;
  return strings([own, ...[volume, ...projected].map((source) => getIn(source, [kind, 'name']))]);
}

/** The containers, init containers among them, that mount a volume with one of the ConfigMaps in it. */
export function containersMounting(
  workload: Resource,
  configMaps: readonly string[],
): JsonObject[] {
  const volumes = volumesOf(workload)
    .filter((volume) => sourcesOf(volume, 'configMap').some((name) => configMaps.includes(name)))
    .map(({ name }) => name);
  return allContainersOf(workload).filter((container) =>
    list(container['volumeMounts']).some(({ name }) => volumes.includes(name)),
  );
}

/** Whether a workload mounts a ConfigMap, under its current or its original name. */
export function mountsConfigMap(workload: Resource, configMap: Resource): boolean {
  return (
    workload.namespace === configMap.namespace &&
    volumesOf(workload).some((volume) =>
      sourcesOf(volume, 'configMap').some((name) => configMap.names.includes(name)),
    )
  );
}

/** Whether a Service's selector picks the pods of a workload. A Service without a selector picks none. */
export function selects(service: Resource, workload: Resource): boolean {
  const selector = selectorOf(service);
  if (!selector || !sameNamespace(service.namespace, workload.namespace)) return false;
  const labels = podMetadataOf(workload, 'labels');
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** That of the kinds that have one; a ReplicationController's is a map of labels alone. */
export function declaredSelector({ kind, json }: Resource): JsonObject | undefined {
  // Kubernetes itself writes that of a Job.
  if (kind === 'Job' || kind === 'CronJob' || kind === 'Pod') return undefined;
  const selector = getIn(json, ['spec', 'selector']);
  if (!isObject(selector)) return undefined;
  return kind === 'ReplicationController' ? { matchLabels: selector } : selector;
}
