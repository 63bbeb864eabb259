import type { Check } from './check.ts';
import { brokenDocuments } from './shared/broken-documents.ts';

export const check: Check = {
  family: 'The input',
  severity: 'error',
  title: 'Nothing of Michelangelo in the input',
  why: 'No API server, no Envoy, no worker and no UI were recognized, so that nothing was checked: silence would look like success.',
  fix: 'give rendered manifests, not Helm templates or an empty stream; label resources with `network.michelangelo.api/role` where their names and ports are unusual',
  find: (surface) => {
    const parts = [
      surface.apiServices,
      surface.envoys,
      surface.workers,
      surface.uis,
      surface.controllerManagers,
      surface.taskPods,
    ];
    const isFound = parts.some(({ length }) => length > 0) || surface.settings?.role === 'compute';
    if (isFound || surface.manifests.broken.length > 0 || brokenDocuments(surface).length > 0)
      return [];
    const count = surface.manifests.all.length;
    const message =
      count === 0
        ? 'the input has no resource at all'
        : `none of the ${count} resources is the API server, Envoy, a worker, the UI or the controller manager`;
    return [{ message }];
  },
};
