/** How Services, workloads and ConfigMaps belong together: selectors and volumes. */
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** Kinds that have pods, with the path of the pod template in them. */
const POD_TEMPLATES: Record<string, readonly string[]> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Rollout: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

export const WORKLOAD_KINDS: readonly string[] = Object.keys(POD_TEMPLATES);

export function podTemplatePath(workload: Resource): readonly string[] {
  return POD_TEMPLATES[workload.kind] ?? [];
}

/** Whether a workload mounts a ConfigMap, under its current or its original name. */
export function mountsConfigMap(workload: Resource, configMap: Resource): boolean {
  const volumes = getIn(workload.json, [...podTemplatePath(workload), 'spec', 'volumes']);
  return (
    workload.namespace === configMap.namespace &&
    list(volumes).some((volume) => {
      const projected = list(getIn(volume, ['projected', 'sources']));
      return [volume, ...projected].some((source) => {
        const name = getIn(source, ['configMap', 'name']);
        return typeof name === 'string' && configMap.names.includes(name);
      });
    })
  );
}

/** Whether a Service's selector picks the pods of a workload. A Service without a selector picks none. */
export function selects(service: Resource, workload: Resource): boolean {
  const selector = getIn(service.json, ['spec', 'selector']);
  const labels = getIn(workload.json, [...podTemplatePath(workload), 'metadata', 'labels']);
  if (!isObject(selector) || !isObject(labels) || service.namespace !== workload.namespace)
    return false;
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/** A port of a Service, as numbers and names. */
export interface ServicePort {
  name: string;
  port: number;
  /** A container port, or the name of one; the port itself where the Service does not say. */
  targetPort: number | string;
}

export function servicePorts(service: Resource): ServicePort[] {
  return list(getIn(service.json, ['spec', 'ports'])).flatMap((entry) => {
    if (!isObject(entry) || typeof entry['port'] !== 'number') return [];
    const target = entry['targetPort'];
    return [
      {
        name: typeof entry['name'] === 'string' ? entry['name'] : '',
        port: entry['port'],
        targetPort:
          typeof target === 'number' || typeof target === 'string' ? target : entry['port'],
      },
    ];
  });
}

export function isHeadless(service: Resource): boolean {
  return getIn(service.json, ['spec', 'clusterIP']) === 'None';
}

/** The objects of a JSON list; none where it is no list. */
export function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
