/**
 * Settings of Google's load balancers that do not work together, or with the Services behind them.
 *
 * Sources: Google Cloud, "Ingress for external Application Load Balancers" (paths of ImplementationSpecific are those of URL maps, where `/` is that
 * path alone; Services are of type NodePort or LoadBalancer, or have NEGs), "Configure Ingress features" (`backend-config` is JSON with `default` or
 * `ports`; redirects need `allow-http`), "Use Google-managed SSL certificates" (no wildcards), "Internal Ingress" (regional addresses), and
 * "Configure Gateway resources using policies" (HealthCheckPolicy).
 */
import type { Resource } from '../../manifests/resource.ts';
import { servicePorts, typeOfService } from '../../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../../manifests/workload.ts';
import type { EntryPath } from '../../surface/entry.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, objectAt, readJson, stringAt, strings } from '../../yaml/json.ts';

const BACKEND_CONFIG = 'cloud.google.com/backend-config';
/** Names, with commas between them. */
export const CERTIFICATES = 'networking.gke.io/managed-certificates';
const NEG = 'cloud.google.com/neg';
const ALLOW_HTTP = 'kubernetes.io/ingress.allow-http';
const GLOBAL_ADDRESS = 'kubernetes.io/ingress.global-static-ip-name';
const FRONTEND = 'networking.gke.io/v1beta1.FrontendConfig';

const annotated = (resource: Resource, key: string) => ({
  resource,
  path: `metadata.annotations[${key}]`,
});

/** Of one Ingress that leads to a program of ours. */
export function gkeIngressFaults(
  ingress: Resource,
  hosts: readonly string[],
  paths: readonly EntryPath[],
  surface: Surface,
): Fault[] {
  const services = [
    ...new Set(paths.flatMap(({ backend, role }) => (role && backend.service) || [])),
  ];
  return [
    ...address(ingress),
    ...redirect(ingress, surface),
    ...wildcards(ingress, hosts, surface),
    ...rootAlone(ingress, paths),
    ...services.flatMap((service) => [...portsOfConfig(service), ...withoutNeg(service)]),
  ];
}

function address(ingress: Resource): Fault[] {
  const isInternal = ingress.annotation('kubernetes.io/ingress.class') === 'gce-internal';
  if (!isInternal || !ingress.annotation(GLOBAL_ADDRESS)) return [];
  return [
    {
      ...annotated(ingress, GLOBAL_ADDRESS),
      message:
        'the class is gce-internal, whose load balancer is of one region: a global address cannot be its own',
      fix: 'name a regional address with `kubernetes.io/ingress.regional-static-ip-name`',
    },
  ];
}

function redirect(ingress: Resource, { manifests }: Surface): Fault[] {
  const config = manifests.named(
    'FrontendConfig',
    ingress.annotation(FRONTEND) ?? '',
    ingress.namespace,
  );
  const isRedirecting = getIn(config?.json, ['spec', 'redirectToHttps', 'enabled']) === true;
  if (!isRedirecting || ingress.annotation(ALLOW_HTTP) !== 'false') return [];
  return [
    {
      ...annotated(ingress, ALLOW_HTTP),
      severity: 'warning',
      message: `FrontendConfig ${config?.name} redirects plain HTTP, and allow-http is false: nothing listens on port 80 that could redirect`,
      fix: 'take the annotation away',
    },
  ];
}

function wildcards(ingress: Resource, hosts: readonly string[], { manifests }: Surface): Fault[] {
  const names = (ingress.annotation(CERTIFICATES) ?? '').split(',');
  return names.flatMap((name) => {
    const certificate = manifests.named('ManagedCertificate', name.trim(), ingress.namespace);
    const domains = strings(getIn(certificate?.json, ['spec', 'domains']));
    return domains.flatMap((domain, index): Fault[] => {
      if (!certificate || !domain.startsWith('*')) return [];
      return [
        {
          resource: certificate,
          path: `spec.domains[${index}]`,
          message: `${domain} is a wildcard, which no ManagedCertificate may have`,
          fix: `list the hosts themselves: ${hosts.join(', ')}`,
        },
      ];
    });
  });
}

function rootAlone(ingress: Resource, paths: readonly EntryPath[]): Fault[] {
  const onRoot = paths.filter(
    ({ path, type, role }) => role && path === '/' && type === 'ImplementationSpecific',
  );
  const isWider = (one: EntryPath) =>
    paths.some(({ host, path }) => host === one.host && path.endsWith('/*'));
  return onRoot
    .filter((one) => !isWider(one))
    .map(({ place }) => ({
      resource: ingress,
      path: place,
      message:
        'path / of type ImplementationSpecific is, with GKE, that path alone: every other path goes to the default backend',
      fix: 'write `/*`, or `pathType: Prefix`',
    }));
}

function portsOfConfig(service: Resource): Fault[] {
  const written = service.annotation(BACKEND_CONFIG);
  if (written === undefined || /[$]\{|\{\{/.test(written)) return [];
  const parsed = readJson(written);
  if (!isObject(parsed))
    return [
      {
        ...annotated(service, BACKEND_CONFIG),
        message: 'backend-config is no JSON: the load balancer is not changed any more',
        fix: `write \`${BACKEND_CONFIG}: '{"default": "<name>"}'\``,
      },
    ];
  const known = servicePorts(service).flatMap(({ name, port }) => [name, String(port)]);
  return Object.keys(objectAt(parsed, ['ports']))
    .filter((port) => !known.includes(port))
    .map((port) => ({
      ...annotated(service, BACKEND_CONFIG),
      message: `backend-config is for port ${port}, and Service ${service.name} has ${known.filter(Boolean).join(', ')}: its BackendConfig holds for none`,
      fix: `write one of: ${known.filter(Boolean).join(', ')}; or \`default\``,
    }));
}

function withoutNeg(service: Resource): Fault[] {
  const written = readJson(service.annotation(NEG) ?? '');
  if (getIn(written, ['ingress']) !== false || typeOfService(service) !== 'ClusterIP') return [];
  return [
    {
      ...annotated(service, NEG),
      message: `there is no NEG for Ingresses, and Service ${service.name} has no node port (ClusterIP): the load balancer reaches no pod`,
      fix: `write \`${NEG}: '{"ingress": true}'\`, or \`type: NodePort\``,
    },
  ];
}

/** By type: the part of the config with the port. */
const CHECKS = new Map([
  ['HTTP', 'httpHealthCheck'],
  ['HTTPS', 'httpsHealthCheck'],
  ['HTTP2', 'http2HealthCheck'],
  ['GRPC', 'grpcHealthCheck'],
  ['TCP', 'tcpHealthCheck'],
]);

/** Of Services behind a Gateway: who is asked, and how. */
export function healthPolicies(surface: Surface): Fault[] {
  return surface.manifests.ofKind('HealthCheckPolicy').flatMap((policy) => {
    const target = stringAt(policy.json, ['spec', 'targetRef', 'name']);
    const service = surface.manifests.named('Service', target, policy.namespace);
    const config = objectAt(policy.json, ['spec', 'default', 'config']);
    const type = stringAt(config, ['type']);
    const part = CHECKS.get(type);
    if (!service || !part) return [];
    return [
      ...checkedPort(policy, service, part, getIn(config, [part, 'port']), surface),
      ...checkedProtocol(policy, service, type, surface),
    ];
  });
}

function checkedPort(
  policy: Resource,
  service: Resource,
  part: string,
  port: unknown,
  surface: Surface,
): Fault[] {
  const pods = surface.podsOf(service).flatMap(allContainersOf);
  const ports = [...new Set(containerPortsOf(pods).map(({ number }) => number))];
  if (typeof port !== 'number' || ports.length === 0 || ports.includes(port)) return [];
  return [
    {
      resource: policy,
      path: `spec.default.config.${part}.port`,
      severity: 'warning',
      message: `health checks ask port ${port}, and the pods of Service ${service.name} have ${ports.join(', ')}: no request reaches them unless a program listens there without declaring it`,
      fix: `write one of: ${ports.join(', ')}`,
    },
  ];
}

/** The API server answers gRPC, and nothing else, on its port. */
function checkedProtocol(
  policy: Resource,
  service: Resource,
  type: string,
  surface: Surface,
): Fault[] {
  const isApi = surface.apiServices.includes(service) && !surface.envoyServices.includes(service);
  const ports = servicePorts(service).length;
  if (!isApi || ports > 1 || !['HTTP', 'HTTPS', 'HTTP2'].includes(type)) return [];
  return [
    {
      resource: policy,
      path: 'spec.default.config.type',
      severity: type === 'HTTP2' ? 'warning' : undefined,
      message: `health checks are of type ${asText(type)}, and the API server answers gRPC alone: no request reaches its pods`,
      fix: 'write `type: GRPC` with `grpcHealthCheck`, or `type: TCP`',
    },
  ];
}
