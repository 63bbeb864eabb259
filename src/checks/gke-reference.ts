/**
 * What GKE's Ingresses and Services name by annotations.
 *
 * Source: Google Cloud, "Configure Ingress features" (BackendConfig, FrontendConfig) and "Use Google-managed SSL certificates".
 */
import type { Resource } from '../manifests/resource.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type Json, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'Settings of a Google load balancer that are not there',
  why: 'GKE does not change the load balancer while an annotation names something that is not there, and a managed certificate without the host never serves it.',
  fix: 'name what is in the namespace of the Ingress or the Service, and list the host under `spec.domains`',
  find: (surface) =>
    surface.entries
      .filter(({ controllers, roles }) => controllers.includes('gke') && roles.size > 0)
      .flatMap(({ resource, hosts, paths }) => [
        ...named(resource, FRONTEND, 'FrontendConfig', surface),
        ...certificates(resource, hosts, surface),
        ...[...new Set(paths.flatMap(({ backend }) => backend.service ?? []))].flatMap((service) =>
          BACKEND.flatMap((key) => named(service, key, 'BackendConfig', surface)),
        ),
      ]),
};

const FRONTEND = 'networking.gke.io/v1beta1.FrontendConfig';
const BACKEND = ['cloud.google.com/backend-config', 'beta.cloud.google.com/backend-config'];
const CERTIFICATES = 'networking.gke.io/managed-certificates';

function named(resource: Resource, key: string, kind: string, surface: Surface): Fault[] {
  return namesIn(resource.annotation(key) ?? '').flatMap((name): Fault[] => {
    const all = inNamespace(kind, resource, surface);
    if (all.some((one) => one.name === name)) return [];
    const near = all.find((one) => areNearNames(one.name, name));
    return [
      {
        resource,
        path: `metadata.annotations[${key}]`,
        // It may be in other manifests.
        severity: near ? undefined : 'warning',
        message: `there is no ${kind} ${name} in namespace ${resource.namespace || 'default'} of these manifests${near ? `; ${kind} ${near.name} is there` : ''}`,
        fix: near
          ? `write \`${near.name}\``
          : `add ${kind} ${name}, unless something else makes it`,
      },
    ];
  });
}

function certificates(ingress: Resource, hosts: readonly string[], surface: Surface): Fault[] {
  const missing = named(ingress, CERTIFICATES, 'ManagedCertificate', surface);
  const names = namesIn(ingress.annotation(CERTIFICATES) ?? '');
  // Certificates that nobody shows, and those of other kinds, may have the host.
  const others = ['ingress.gcp.kubernetes.io/pre-shared-cert', 'networking.gke.io/certmap'];
  if (names.length === 0 || missing.length > 0 || others.some((key) => ingress.annotation(key)))
    return missing;
  if (isObject(getIn(ingress.json, ['spec', 'tls', 0]))) return missing;
  const found = inNamespace('ManagedCertificate', ingress, surface).filter(({ name }) =>
    names.includes(name),
  );
  const domains = found.flatMap(({ json }) => strings(getIn(json, ['spec', 'domains'])));
  const [certificate] = found;
  return hosts
    .filter((host) => !domains.some((domain) => matchesWildcard(domain, host, 'one')))
    .flatMap((host): Fault[] =>
      certificate
        ? [
            {
              resource: certificate,
              path: 'spec.domains',
              message: `Ingress ${ingress.name} serves ${host} with ManagedCertificate ${names.join(', ')}, for ${domains.join(', ') || 'no host'}`,
              fix: `add ${host} to \`spec.domains\``,
            },
          ]
        : [],
    );
}

function inNamespace(kind: string, { namespace }: Resource, { manifests }: Surface): Resource[] {
  return manifests.ofKind(kind).filter((one) => one.namespace === namespace);
}

/** A comma list, or JSON with names by port. */
function namesIn(text: string): string[] {
  if (!text.trim().startsWith('{')) return text.split(',').flatMap((name) => name.trim() || []);
  try {
    return [...new Set(leaves(JSON.parse(text)))];
  } catch {
    return [];
  }
}

function leaves(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return isObject(value) ? Object.values(value).flatMap(leaves) : [];
}
