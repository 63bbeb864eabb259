import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { equalJson } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'One resource twice in these manifests',
  why: 'Both are one object of the cluster: the one that is applied last replaces the other, and which that is depends on the tool and on the order of files.',
  fix: 'keep one, or give the other a name of its own',
  find: ({ manifests }) => {
    const known = new Map<string, Resource>();
    return manifests.all.flatMap((resource) => {
      const { kind, name, namespace } = resource;
      if (name === '') return [];
      const id = [groupOf(resource), kind, namespace, name].join('/');
      const first = known.get(id);
      if (!first) {
        known.set(id, resource);
        return [];
      }
      const isEqual = equalJson(first.json, resource.json);
      const where = namespace === '' ? '' : ` in namespace ${namespace}`;
      return [
        {
          resource,
          path: 'metadata.name',
          severity: isEqual ? ('warning' as const) : undefined,
          message: `there are two of ${kind} ${name}${where}${isEqual ? ', and they are equal' : ', and they differ'}`,
        },
      ];
    });
  },
};
