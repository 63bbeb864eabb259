/**
 * What GKE's Ingresses and Services name by annotations.
 *
 * Source: Google Cloud, "Configure Ingress features" (BackendConfig, FrontendConfig) and "Use Google-managed SSL certificates".
 */
import { STREAM_SECONDS } from '../controllers/shared/durations.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type Json, list, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { CERTIFICATES, gkeIngressFaults, healthPolicies } from './shared/gke-settings.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'Settings of a Google load balancer that are not there or do not fit',
  why: 'GKE does not change the load balancer while an annotation names something that is not there, and a managed certificate without the host never serves it. A BackendConfig ends calls after its `timeoutSec`, and a backend whose health checks fail gets no request.',
  fix: 'name what is in the namespace of the Ingress or the Service, and list the host under `spec.domains`',
  find: (surface) => [
    ...healthPolicies(surface),
    ...surface.entries
      .filter(({ controllers, roles }) => controllers.includes('gke') && roles.size > 0)
      .flatMap(({ resource, hosts, paths }) => [
        ...named(resource, FRONTEND, 'FrontendConfig', surface),
        ...certificates(resource, hosts, surface),
        ...[...new Set(paths.flatMap(({ backend }) => backend.service ?? []))].flatMap((service) =>
          BACKEND.flatMap((key) => [
            ...named(service, key, 'BackendConfig', surface),
            ...backendConfigs(service, key, surface).flatMap((config) => [
              ...timeoutOf(config, service),
              ...healthOf(config, service, surface),
            ]),
          ]),
        ),
        ...gkeIngressFaults(resource, hosts, paths, surface),
      ]),
  ],
};

const FRONTEND = 'networking.gke.io/v1beta1.FrontendConfig';
const BACKEND = ['cloud.google.com/backend-config', 'beta.cloud.google.com/backend-config'];

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

function backendConfigs(service: Resource, key: string, surface: Surface): Resource[] {
  const names = namesIn(service.annotation(key) ?? '');
  return inNamespace('BackendConfig', service, surface).filter(({ name }) => names.includes(name));
}

function timeoutOf(config: Resource, service: Resource): Fault[] {
  const seconds = getIn(config.json, ['spec', 'timeoutSec']);
  if (typeof seconds !== 'number' || seconds >= STREAM_SECONDS) return [];
  return [
    {
      resource: config,
      path: 'spec.timeoutSec',
      severity: seconds > 60 ? 'warning' : undefined,
      message: `it ends calls to Service ${service.name} after ${seconds} s, streams among them`,
      fix: `write \`timeoutSec: ${STREAM_SECONDS}\``,
    },
  ];
}

/** Kinds of checks, in capitals or not. */
const CHECKS = ['HTTP', 'HTTPS', 'HTTP2'];

function healthOf(config: Resource, service: Resource, surface: Surface): Fault[] {
  const health = getIn(config.json, ['spec', 'healthCheck']);
  if (!isObject(health)) return [];
  const { type, port, requestPath } = health;
  const place = 'spec.healthCheck';
  const faults: Fault[] = [];
  if (typeof type === 'string' && !CHECKS.includes(type.toUpperCase()))
    faults.push({
      path: `${place}.type`,
      message: `health checks are of type ${type}, and GKE takes ${CHECKS.join(', ')}`,
      fix: `write one of: ${CHECKS.join(', ')}`,
    });
  if (typeof requestPath === 'string' && !requestPath.startsWith('/'))
    faults.push({
      path: `${place}.requestPath`,
      message: `\`${requestPath}\` is no path: it does not begin with a slash`,
      fix: `write \`/${requestPath}\``,
    });
  const pods = surface.podsOf(service);
  const ports = [
    ...new Set(containerPortsOf(pods.flatMap(allContainersOf)).map((one) => one.number)),
  ];
  const nodePorts = list(getIn(service.json, ['spec', 'ports'])).map(({ nodePort }) => nodePort);
  if (typeof port === 'number' && ports.length > 0 && ![...ports, ...nodePorts].includes(port))
    faults.push({
      path: `${place}.port`,
      severity: 'warning',
      message: `health checks ask port ${port}, and the pods of Service ${service.name} have ${ports.join(', ')}: no request reaches them unless a program listens there without declaring it`,
      fix: `write \`port: ${ports[0]}\``,
    });
  return faults.map((fault) => ({ resource: config, ...fault }));
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
