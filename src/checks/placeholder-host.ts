import { placeholderPlaces } from '../surface/placeholders.ts';
import type { Check } from './check.ts';

/** Written by `kubectl apply`: what was there before. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A host that was never set',
  why: 'A placeholder of the base or of the guide is still there: nothing answers under that name, or somebody else does.',
  mend: 'write the host, or let the function write it: list the DomainConfig in the outermost kustomization',
  find: ({ manifests }) =>
    manifests.all.flatMap((resource) =>
      placeholderPlaces(resource)
        .filter(({ path }) => !path.includes(LAST_APPLIED))
        .map(({ path, placeholder }) => ({
          resource,
          path,
          message: `\`${placeholder}\` stands where a host belongs`,
        })),
    ),
};
