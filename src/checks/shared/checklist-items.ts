/** The guide's checklist as data: what makes each item fail, what shows that it is fulfilled, who else could tell. */
import { shellWord } from '../../foreign-text.ts';
import type { Resource } from '../../manifests/resource.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { readAddress } from '../../net/addresses.ts';
import { addressesOf, usesTls } from '../../surface/addresses.ts';
import type { ServiceRole } from '../../surface/entry.ts';
import { certificatesFor, isAnnotated } from '../../surface/issuers.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { publicSide } from '../../surface/public-side.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';
import type { Finding } from '../check.ts';
import type { FindingCode } from './catalogue.ts';
import { refusalOf } from './grpc-refusal.ts';
import { secretUses } from './secret-uses.ts';

/** One item of the guide's list. */
export interface Item {
  item: string;
  /** It concerns a compute cluster too; all others are the control plane's alone. */
  ofCompute?: true;
  /** Findings that make it fail. */
  codes: readonly FindingCode[];
  /** Only those findings count. */
  counts?: (finding: Finding, surface: Surface) => boolean;
  /** What was seen; undefined where these manifests do not show it. */
  seen: (surface: Surface) => string | undefined;
  /** What shows it then, for a person to run. */
  command: (surface: Surface) => string;
}

/** What can be wrong with either entry. */
const ENTRY_CODES: readonly FindingCode[] = [
  'entry-missing',
  'entry-timeouts',
  'backend-missing',
  'duplicate-entry',
  'entry-host',
  'reference-missing',
  'reference-not-granted',
  'route-not-allowed',
  'path-not-led',
  'rewrite-breaks-calls',
];

/** In the order of the guide. */
export const ITEMS: readonly Item[] = [
  {
    item: 'Ingress controller installed and supports HTTP/2 (for gRPC)',
    codes: ['grpc-over-http1'],
    // A mark that is missing is the next item's.
    counts: (found, surface) => isOn(found, surface.entriesOf('api').filter(refusalOf)),
    seen: () => undefined,
    command: (surface) =>
      surface.entries.some(({ form }) => form === 'route')
        ? 'kubectl get gatewayclass'
        : 'kubectl get ingressclass',
  },
  {
    item: 'API server Ingress created with backend-protocol: GRPC',
    codes: ['grpc-over-http1', 'grpc-route-cut', ...ENTRY_CODES],
    counts: (found, surface) => isOfRole(found, surface, 'api'),
    seen: (surface) => hostsOf(surface, 'api'),
    command: () => 'kubectl get ingress,httproutes,grpcroutes -A',
  },
  {
    item: 'UI + Envoy Ingress created',
    codes: ['grpc-mark-on-app', ...ENTRY_CODES],
    counts: (found, surface) => isOfRole(found, surface, 'envoy'),
    seen: (surface) => hostsOf(surface, 'envoy'),
    command: () => 'kubectl get ingress,httproutes,tlsroutes -A',
  },
  {
    item: 'TLS certificates provisioned (cert-manager or manual)',
    codes: [
      'api-entry-without-tls',
      'acme-solver-class',
      'acme-challenge-blocked',
      'common-name-too-long',
      'host-not-in-tls',
      'shared-issuer-secret',
      'envoy-tls-without-h2',
      'certificate-never-reloads',
    ],
    seen: seenCertificates,
    command: (surface) =>
      `kubectl get secrets${namespaceOf(surface)} --field-selector type=kubernetes.io/tls`,
  },
  {
    item: 'Envoy CORS allow_origin updated to match UI domain',
    codes: [
      'cors-filter-missing',
      'cors-any-origin',
      'cors-loose-origin',
      'cors-exposed-headers',
      'cors-app-origin',
    ],
    seen: (surface) =>
      surface.envoys.length > 0 && publicSide(surface, 'ui', 'envoy')
        ? "the app's own origin is let in"
        : undefined,
    command: (surface) => {
      const app = `https://${hostOr(surface, 'envoy', '<app host>')}`;
      const url = shellWord(`${app}/michelangelo.api.v2.ProjectService/ListProject`);
      return `curl -si -X OPTIONS -H ${shellWord(`Origin: ${app}`)} -H 'Access-Control-Request-Method: POST' ${url}`;
    },
  },
  {
    item: 'Worker ConfigMap worker.address updated to api.your-domain.com:443',
    codes: ['worker-address', 'placeholder-host', 'foreign-host'],
    counts: (found, { workers }) => isOn(found, workers),
    seen: (surface) =>
      surface.workers.length > 0 && surface.workers.every((worker) => isCompared(worker, surface))
        ? 'it is an address of the API'
        : undefined,
    command: (surface) =>
      `kubectl get configmaps${namespaceOf(surface)} -o yaml | grep -A3 'worker:'`,
  },
  {
    item: 'UI config.json apiBaseUrl updated to UI domain',
    codes: ['ui-url', 'placeholder-host', 'foreign-host'],
    counts: (found, { uis }) => isOn(found, uis),
    seen: (surface) =>
      surface.uis.length > 0 && publicSide(surface, 'envoy')
        ? 'it is the origin of the app'
        : undefined,
    command: (surface) =>
      `curl -s ${shellWord(`https://${hostOr(surface, 'envoy', '<app host>')}/config.json`)}`,
  },
  {
    item: 'Cross-cluster connectivity verified (controller manager → compute K8s API)',
    ofCompute: true,
    codes: [
      'cluster-not-found',
      'cluster-secrets',
      'cluster-differs',
      'policy-namespace',
      'policy-shuts-dns',
      'policy-shuts-peer',
      'policy-cidr',
      'compute-not-listed',
    ],
    seen: () => undefined,
    command: (surface) => {
      const { config, role, computeCluster } = surface.settings ?? {};
      const clusters = config?.spec.computeClusters ?? [];
      const own = clusters.find(({ name }) => name === computeCluster?.name) ?? clusters[0];
      const server = own?.server ?? 'https://<compute-api-server>:443';
      const context = role === 'compute' ? " --context '<control plane>'" : '';
      const name = managerOf(surface);
      // `kubectl debug` takes no Deployment; where the image has no curl, `verify --allow-debug-containers` finds a pod of it.
      const start = name
        ? `exec${namespaceOf(surface)} ${shellWord(`deploy/${name}`)}`
        : `run${namespaceOf(surface)} reach-compute -it --rm --restart=Never --image=curlimages/curl`;
      return `kubectl${context} ${start} -- curl -sk ${shellWord(`${server}/readyz`)}`;
    },
  },
  {
    item: 'Task pod → Michelangelo API server connectivity verified',
    ofCompute: true,
    codes: ['task-pods-address', 'compute-differs'],
    seen: () => undefined,
    command: (surface) => {
      const host = hostOr(surface, 'api', '<api host>');
      const server = shellWord(`${host}:${surface.settings?.port ?? 443}`);
      return `openssl s_client -connect ${server} -servername ${shellWord(host)} -alpn h2 </dev/null | grep ALPN`;
    },
  },
];

/** Whether anything is known that a worker's address has to be: the API's public side, or the Service that it names. */
function isCompared(worker: DocumentTarget, surface: Surface): boolean {
  const host = readAddress(stringAt(jsonOf(worker), ['worker', 'address']))?.host;
  const service = host && serviceAt(host, worker.resource, surface.manifests);
  return publicSide(surface, 'api') !== undefined || Boolean(service);
}

function hostsOf(surface: Surface, role: ServiceRole): string | undefined {
  const hosts = [...new Set(addressesOf(role, surface).map(({ host }) => host))];
  return hosts.length > 0 ? hosts.join(', ') : undefined;
}

function hostOr(surface: Surface, role: ServiceRole, otherwise: string): string {
  const { settings } = surface;
  // A compute cluster has no entry, and knows the host that its task pods call.
  const known =
    settings?.role === 'compute' && role === 'api' ? settings.hosts.api[0].host : otherwise;
  return addressesOf(role, surface)[0]?.host ?? known;
}

/** A finding on an entry of the role, or on a Service behind it. */
function isOfRole(found: Finding, surface: Surface, role: ServiceRole): boolean {
  const services = surface.servicesOf(role).map((resource) => ({ resource }));
  return isOn(found, [...surface.entriesOf(role), ...services]);
}

function isOn(found: Finding, places: readonly { resource: Resource }[]): boolean {
  return places.some(
    ({ resource: { kind, name } }) => found.resource?.kind === kind && found.resource.name === name,
  );
}

/** Every TLS host has somebody who makes its certificate; Secrets that people make cannot be seen. */
function seenCertificates(surface: Surface): string | undefined {
  if (!usesTls(surface)) return 'plain HTTP, on purpose';
  const served = surface.entries.filter(({ roles }) => roles.size > 0);
  const uses = secretUses(surface).filter(({ resource }) =>
    served.some(
      (entry) =>
        entry.resource === resource || entry.listeners.some(({ gateway }) => gateway === resource),
    ),
  );
  const isMade = uses.every(
    ({ resource, secretName, namespace }) =>
      isAnnotated(resource) || certificatesFor(secretName, namespace, surface).length > 0,
  );
  return uses.length > 0 && isMade ? 'cert-manager is asked for each' : undefined;
}

function namespaceOf({ apiServices, envoyServices }: Surface): string {
  const namespace = [...apiServices, ...envoyServices][0]?.namespace;
  return namespace ? ` -n ${shellWord(namespace)}` : '';
}

/** The Deployment of the controller manager, where it is in the stream. */
function managerOf(surface: Surface): string | undefined {
  const isDeployment = ({ kind }: Resource) => kind === 'Deployment';
  const deployments = surface.workloads.filter(isDeployment);
  const named = deployments.find(({ name }) => /controller-?m(?:anage|g)r/.test(name));
  return (named ?? surface.mounting(surface.controllerManagers).find(isDeployment))?.name;
}
