import { misnamedTaskPods } from '../surface/task-pods.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'Task pods look for a ConfigMap of another name',
  why: 'Ray and Spark pods are made with the ConfigMap `michelangelo-config` as their environment, by this name, and it is not optional: with a prefix, a suffix or a hash in the name they do not start.',
  fix: 'let the function give the name back, or keep the ConfigMap out of the layer that changes it, with `disableNameSuffixHash: true` where it is generated',
  find: ({ manifests, taskPodsName, taskPods }) =>
    misnamedTaskPods(manifests, taskPodsName)
      .filter((configMap) => !taskPods.includes(configMap))
      .map((resource) => ({
        resource,
        path: 'metadata.name',
        message: `task pods look for ${taskPodsName}, and this is called ${resource.name}`,
      })),
};
