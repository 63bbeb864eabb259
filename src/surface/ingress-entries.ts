/** Ingresses as entries. */
import type { Settings } from '../config/settings.ts';
import type { TlsPlace } from '../controllers/controller.ts';
import type { Resource } from '../manifests/resource.ts';
import type { ResourceIndex } from '../manifests/resource-index.ts';
import { list } from '../manifests/workloads.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { roleOfBackend } from './backend.ts';
import { classOf, controllersOf, givenController } from './controller-in-use.ts';
import type { Backend, Entry, EntryPath } from './entry.ts';
import type { Parts, ServiceRole } from './parts.ts';

/**
 * Annotations by which TLS ends at the controller, or in front of it, without a Secret.
 *
 * Sources: AWS Load Balancer Controller, "Ingress annotations"; GKE, "Using Google-managed SSL certificates" and "Using multiple
 * SSL certificates"; Traefik, "Enabling TLS via annotations".
 */
const TLS_WITHOUT_SECRET: readonly [key: string, value: RegExp][] = [
  ['alb.ingress.kubernetes.io/certificate-arn', /./],
  ['alb.ingress.kubernetes.io/listen-ports', /HTTPS/],
  ['networking.gke.io/managed-certificates', /./],
  ['networking.gke.io/certmap', /./],
  ['ingress.gcp.kubernetes.io/pre-shared-cert', /./],
  ['traefik.ingress.kubernetes.io/router.tls', /^true$/],
];

export function ingressEntries(
  index: ResourceIndex,
  parts: Parts,
  settings: Settings | undefined,
): Entry[] {
  return index.ofKind('Ingress').map((resource) => {
    const paths = pathsOf(resource, index, parts);
    const roles = new Set(paths.flatMap(({ role }) => role ?? []));
    const given = givenController(settings, publicRole(roles));
    const blocks = list(getIn(resource.json, ['spec', 'tls']));
    const tlsHosts = blocks.flatMap((block) => texts(block['hosts']));
    return {
      resource,
      form: 'ingress',
      paths,
      roles,
      hosts: [...new Set([...paths.map(({ host }) => host), ...tlsHosts])].filter(Boolean),
      tlsPlace: tlsPlaceOf(resource, blocks.length > 0, settings),
      controllers: controllersOf(resource, index, given),
      className: classOf(resource),
      listeners: [],
      hasForeignGateway: false,
    };
  });
}

/** The part of the config that speaks of an entry; undefined where it carries both or neither. */
export function publicRole(roles: ReadonlySet<ServiceRole>): 'api' | 'app' | undefined {
  const hasApp = roles.has('envoy') || roles.has('ui');
  if (roles.has('api') === hasApp) return undefined;
  return hasApp ? 'app' : 'api';
}

/** The strings of a list. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function pathsOf(ingress: Resource, index: ResourceIndex, parts: Parts): EntryPath[] {
  const rules = list(getIn(ingress.json, ['spec', 'rules']));
  const defaultBackend = getIn(ingress.json, ['spec', 'defaultBackend']);
  const toPath = (host: unknown, path: JsonObject, place: string): EntryPath[] => {
    const backend = backendOf(path['backend'], ingress, index);
    if (!backend) return [];
    return [
      {
        host: typeof host === 'string' ? host : '',
        path: typeof path['path'] === 'string' ? path['path'] : '/',
        type: typeof path['pathType'] === 'string' ? path['pathType'] : '',
        isConditional: false,
        backend,
        role: roleOfBackend(backend, ingress, parts),
        place,
      },
    ];
  };
  return [
    ...rules.flatMap((rule, ruleIndex) =>
      list(getIn(rule, ['http', 'paths'])).flatMap((path, pathIndex) =>
        toPath(rule['host'], path, `spec.rules[${ruleIndex}].http.paths[${pathIndex}]`),
      ),
    ),
    ...(isObject(defaultBackend)
      ? toPath('', { backend: defaultBackend }, 'spec.defaultBackend')
      : []),
  ];
}

/** In the form of networking.k8s.io/v1, or of v1beta1 before it. */
function backendOf(value: unknown, ingress: Resource, index: ResourceIndex): Backend | undefined {
  const name = getIn(value, ['service', 'name']) ?? getIn(value, ['serviceName']);
  if (typeof name !== 'string') return undefined;
  const port =
    getIn(value, ['service', 'port', 'number']) ??
    getIn(value, ['service', 'port', 'name']) ??
    getIn(value, ['servicePort']);
  return {
    kind: 'Service',
    name,
    namespace: ingress.namespace,
    port: typeof port === 'number' || typeof port === 'string' ? port : undefined,
    service: index.find('Service', name, ingress.namespace),
  };
}

function tlsPlaceOf(
  { json }: Resource,
  hasBlocks: boolean,
  settings: Settings | undefined,
): TlsPlace {
  const annotations = getIn(json, ['metadata', 'annotations']);
  const marks = isObject(annotations) ? Object.entries(annotations) : [];
  if (marks.some(([key, value]) => /pass-?through$/i.test(key) && isOn(value))) return 'envoy';
  if (hasBlocks) return 'entry';
  const isMarked = marks.some(([key, value]) =>
    TLS_WITHOUT_SECRET.some(([known, test]) => key === known && test.test(String(value))),
  );
  return isMarked || settings?.tlsMode === 'external' ? 'external' : 'none';
}

function isOn(value: unknown): boolean {
  return /^(true|enabled|on)$/i.test(String(value));
}
