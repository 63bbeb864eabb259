import { meantKey } from '../controllers/shared/annotation-keys.ts';
import type { Resource } from '../manifests/resource.ts';
import { ROUTE_KINDS } from '../manifests/route.ts';
import { WORKLOAD_KINDS } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isAnnotated } from '../surface/issuers.ts';
import { isMisspelled } from '../surface/near-names.ts';
import { providersOf } from '../surface/providers.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { secretUsesOf } from './shared/secret-uses.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'warning',
  title: 'An annotation that no program reads',
  why: 'Programs look for annotations by their whole key: one that is a letter off is not there, and nothing says so.',
  fix: 'write the key as the program reads it',
  find: (surface) =>
    surface.manifests
      .ofKind('Ingress', 'Service', 'Gateway', 'Certificate', ...ROUTE_KINDS, ...WORKLOAD_KINDS)
      .flatMap((resource) =>
        Object.keys(resource.annotations).flatMap((key): Fault[] => {
          const meant = meantKey(key, isMisspelled);
          // The right one may stand beside it.
          if (meant === undefined || resource.annotation(meant) !== undefined) return [];
          const lacking = ISSUERS.test(meant) ? secretsNotMade(resource, surface) : [];
          return [
            {
              resource,
              path: `metadata.annotations[${key}]`,
              severity: lacking.length > 0 ? 'error' : 'warning',
              message: `no program reads ${key}; ${meant} is meant${lacking.length > 0 ? `: cert-manager makes no Secret ${lacking.join(', ')}` : ''}`,
              fix: `write \`${meant}\``,
            },
          ];
        }),
      ),
};

const ISSUERS = /^cert-manager\.io\/(?:cluster-)?issuer$/;

/** The Secrets of a resource that only the annotation would have had made. */
function secretsNotMade(resource: Resource, surface: Surface): string[] {
  if (isAnnotated(resource)) return [];
  const names = secretUsesOf(resource, surface).map(({ secretName }) => secretName);
  const made = new Set(providersOf('Secret', surface).map(({ name }) => name));
  return [...new Set(names)].filter((name) => name !== '' && !made.has(name));
}
