import { sameNamespace } from '../manifests/manifests.ts';
import { LAST_APPLIED, type Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { issuerReferences } from '../surface/issuers.ts';
import { placeholderPlaces } from '../surface/placeholders.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { unfilledHosts } from './shared/unfilled-hosts.ts';

/** Places that the function writes only where the config has a field for them, and that field. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/\.(?:workflow-engine|workflowClient)\.host$/, 'spec.workflowEngine.host'],
  [/\.minio\.|\.storageEndpoint$|data\.AWS_ENDPOINT_URL$/, 'spec.objectStore.endpoint'],
  [/\.executionUrlFormat$/, 'spec.links.executions'],
  [/\.logURLFormat$/, 'spec.links.logs'],
];

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A host that was never set',
  why: 'A placeholder of the base or of the guide is still there: nothing answers under that name, or somebody else does.',
  fix: 'write the host, or let the function write it: list the DomainConfig in the outermost kustomization',
  find: (surface) => [
    ...surface.manifests.all.flatMap((resource) =>
      placeholderPlaces(resource)
        .filter(({ path }) => !path.includes(LAST_APPLIED))
        .map(({ path, placeholder }) => ({
          resource,
          path,
          message: `\`${placeholder}\` stands where a host belongs`,
          ...remedy(resource, path, surface),
        })),
    ),
    ...unfilledHosts(surface),
  ],
};

function remedy(resource: Resource, path: string, surface: Surface): Partial<Fault> {
  const field = FIELDS.find(([pattern]) => pattern.test(path))?.[1];
  if (field) return { fix: `write the host, or set \`${field}\`` };
  if (!/Issuer$/.test(resource.kind)) return {};
  if (isUsed(resource, surface))
    return {
      fix: 'write an address of your own; or set `spec.tls.mode: acme`, which makes an issuer for this environment',
    };
  return {
    severity: 'warning',
    fix: 'remove this issuer from the base: nothing in these manifests asks it for a certificate',
  };
}

function isUsed({ kind, name, namespace }: Resource, surface: Surface): boolean {
  return issuerReferences(surface).some(
    (reference) =>
      reference.kind === kind &&
      reference.name === name &&
      (kind === 'ClusterIssuer' || sameNamespace(reference.owner.namespace, namespace)),
  );
}
