/**
 * The ConfigMap that task pods read: Ray and Spark pods have it as their environment, under its fixed name, in the namespace of the job.
 * `worker.address` does not reach them.
 *
 * Source: Michelangelo's `python/michelangelo/uniflow/plugins/ray/task.star`, and its Helm chart's `workload-configmap.yaml`.
 */
import type { Manifests } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { getIn, objectAt } from '../yaml/json.ts';

/** The ConfigMap that they look for, unless the config names another. */
export const TASK_PODS_CONFIG = 'michelangelo-config';

/** Variables that Michelangelo's own code reads. */
const OWN_VARIABLES = [
  'MA_FILE_SYSTEM',
  'MA_FILE_SYSTEM_S3_SCHEME',
  'MA_API_SERVER',
  'REGISTRY_ENDPOINT',
  'REGISTRY_INSECURE',
];
const STORE_VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_REGION'];

/** Every variable that is known to be read. */
export const TASK_POD_VARIABLES: readonly string[] = [...OWN_VARIABLES, ...STORE_VARIABLES];

/** A variable of the ConfigMap; empty where there is not a string. */
export function variableOf(configMap: Resource, name: string): string {
  const value = getIn(configMap.json, ['data', name]);
  // Kubernetes refuses a boolean, which is said by itself: what it means is plain.
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * One for each namespace that jobs run in: labelled ones where there are any, else those of the name, which a layer may have changed.
 * A ConfigMap of that name with something else in it is none.
 */
export function findTaskPods(manifests: Manifests, name: string): Resource[] {
  const found = manifests.find(['ConfigMap'], [name, ROLE_LABEL]);
  const labelled = found.filter(({ role }) => role === 'task-pods');
  if (labelled.length > 0) return labelled;
  return found.filter(
    (configMap) =>
      configMap.role === '' && configMap.names.includes(name) && hasVariables(configMap),
  );
}

function hasVariables({ json }: Resource): boolean {
  const keys = Object.keys(objectAt(json, ['data']));
  return keys.length === 0 || keys.some((key) => TASK_POD_VARIABLES.includes(key));
}

/** ConfigMaps that have its variables and its name with something around it: no task pod finds them. */
export function misnamedTaskPods({ all }: Manifests, name: string): Resource[] {
  return all.filter((resource) => {
    if (resource.kind !== 'ConfigMap' || resource.name === name) return false;
    const keys = Object.keys(objectAt(resource.json, ['data']));
    return (
      `-${resource.name}-`.includes(`-${name}-`) && keys.some((key) => OWN_VARIABLES.includes(key))
    );
  });
}
