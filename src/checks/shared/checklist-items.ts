/** The guide's checklist as data: what makes each item fail, what shows that it is fulfilled, who else could tell. */

import type { Resource } from '../../manifests/resource.ts';
import { addressesOf, usesTls } from '../../surface/addresses.ts';
import type { ServiceRole } from '../../surface/entry.ts';
import { certificatesFor, isAnnotated } from '../../surface/issuers.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Finding } from '../check.ts';
import type { FindingCode } from '../generated/codes.ts';
import { refusalOf } from './grpc-refusal.ts';
import { secretUses } from './secret-uses.ts';

/** One item of the guide's list. */
export interface Item {
  item: string;
  /** Findings that make it fail. */
  codes: readonly FindingCode[];
  /** Only those findings count. */
  counts?: (finding: Finding, view: Surface) => boolean;
  /** What was seen; undefined where these manifests do not show it. */
  seen: (view: Surface) => string | undefined;
  /** What shows it then, for a person to run. */
  command: (view: Surface) => string;
}

/** What can be wrong with either entry. */
const ENTRY_CODES: readonly FindingCode[] = [
  'entry-missing',
  'entry-timeouts',
  'backend-missing',
  'duplicate-entry',
  'reference-missing',
];

/** In the order of the guide. */
export const ITEMS: readonly Item[] = [
  {
    item: 'Ingress controller installed and supports HTTP/2 (for gRPC)',
    codes: ['grpc-over-http1'],
    // A mark that is missing is the next item's.
    counts: (found, view) => isOn(found, view.entriesOf('api').filter(refusalOf)),
    seen: () => undefined,
    command: (view) =>
      view.entries.some(({ form }) => form === 'route')
        ? 'kubectl get gatewayclass'
        : 'kubectl get ingressclass',
  },
  {
    item: 'API server Ingress created with backend-protocol: GRPC',
    codes: ['grpc-over-http1', 'grpc-route-cut', ...ENTRY_CODES],
    counts: (found, view) => isOfRole(found, view, 'api'),
    seen: (view) => hostsOf(view, 'api'),
    command: () => 'kubectl get ingress,httproutes,grpcroutes -A',
  },
  {
    item: 'UI + Envoy Ingress created',
    codes: ['grpc-mark-on-app', ...ENTRY_CODES],
    counts: (found, view) => isOfRole(found, view, 'envoy'),
    seen: (view) => hostsOf(view, 'envoy'),
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
    command: (view) =>
      `kubectl get secrets${namespaceOf(view)} --field-selector type=kubernetes.io/tls`,
  },
  {
    item: 'Envoy CORS allow_origin updated to match UI domain',
    codes: [
      'cors-on-routes-only',
      'cors-filter-missing',
      'cors-any-origin',
      'cors-loose-origin',
      'cors-exposed-headers',
      'cors-app-origin',
    ],
    seen: (view) => (view.envoys.length > 0 ? "the app's own origin is let in" : undefined),
    command: (view) => {
      const host = hostOr(view, 'envoy', '<app host>');
      return `curl -si -X OPTIONS -H 'Origin: https://${host}' -H 'Access-Control-Request-Method: POST' https://${host}/michelangelo.api.v2.ProjectService/ListProject`;
    },
  },
  {
    item: 'Worker ConfigMap worker.address updated to api.your-domain.com:443',
    codes: ['worker-address', 'placeholder-host', 'foreign-host'],
    counts: (found, { workers }) => isOn(found, workers),
    seen: (view) => (view.workers.length > 0 ? 'it is an address of the API' : undefined),
    command: (view) => `kubectl get configmaps${namespaceOf(view)} -o yaml | grep -A3 'worker:'`,
  },
  {
    item: 'UI config.json apiBaseUrl updated to UI domain',
    codes: ['ui-url', 'placeholder-host', 'foreign-host'],
    counts: (found, { uis }) => isOn(found, uis),
    seen: (view) => (view.uis.length > 0 ? 'it is the origin of the app' : undefined),
    command: (view) => `curl -s https://${hostOr(view, 'envoy', '<app host>')}/config.json`,
  },
  {
    item: 'Cross-cluster connectivity verified (controller manager → compute K8s API)',
    codes: ['policy-namespace', 'policy-shuts-dns', 'policy-shuts-peer', 'policy-cidr'],
    seen: () => undefined,
    command: (view) => {
      const [server = 'https://<compute-api-server>:443'] =
        view.settings?.config.spec.computeClusters?.map((cluster) => cluster.server) ?? [];
      const name = managerOf(view);
      const start = name
        ? `debug${namespaceOf(view)} -it deploy/${name}`
        : `run${namespaceOf(view)} reach-compute -it --rm --restart=Never`;
      return `kubectl ${start} --image=curlimages/curl -- curl -sk ${server}/readyz`;
    },
  },
  {
    item: 'Task pod → Michelangelo API server connectivity verified',
    codes: [],
    seen: () => undefined,
    command: (view) => {
      const host = hostOr(view, 'api', '<api host>');
      return `openssl s_client -connect ${host}:${view.settings?.port ?? 443} -servername ${host} -alpn h2 </dev/null | grep ALPN`;
    },
  },
];

function hostsOf(view: Surface, role: ServiceRole): string | undefined {
  const hosts = [...new Set(addressesOf(role, view).map(({ host }) => host))];
  return hosts.length > 0 ? hosts.join(', ') : undefined;
}

function hostOr(view: Surface, role: ServiceRole, otherwise: string): string {
  return addressesOf(role, view)[0]?.host ?? otherwise;
}

/** A finding on an entry of the role, or on a Service behind it. */
function isOfRole(found: Finding, view: Surface, role: ServiceRole): boolean {
  const services = view.servicesOf(role).map((resource) => ({ resource }));
  return isOn(found, [...view.entriesOf(role), ...services]);
}

function isOn(found: Finding, places: readonly { resource: Resource }[]): boolean {
  return places.some(
    ({ resource: { kind, name } }) => found.resource?.kind === kind && found.resource.name === name,
  );
}

/** Every TLS host has somebody who makes its certificate; Secrets that people make cannot be seen. */
function seenCertificates(view: Surface): string | undefined {
  if (!usesTls(view)) return 'plain HTTP, on purpose';
  const served = view.entries.filter(({ roles }) => roles.size > 0);
  const uses = secretUses(view).filter(({ resource }) =>
    served.some(
      (entry) =>
        entry.resource === resource || entry.listeners.some(({ gateway }) => gateway === resource),
    ),
  );
  const isMade = uses.every(
    ({ resource, secretName, namespace }) =>
      isAnnotated(resource) || certificatesFor(secretName, namespace, view).length > 0,
  );
  return uses.length > 0 && isMade ? 'cert-manager is asked for each' : undefined;
}

function namespaceOf({ apiServices, envoyServices }: Surface): string {
  const namespace = [...apiServices, ...envoyServices][0]?.namespace;
  return namespace ? ` -n ${namespace}` : '';
}

/** The Deployment of the controller manager, where it is in the stream. */
function managerOf(view: Surface): string | undefined {
  const isDeployment = ({ kind }: Resource) => kind === 'Deployment';
  const deployments = view.workloads.filter(isDeployment);
  const named = deployments.find(({ name }) => /controller-?m(?:anage|g)r/.test(name));
  return (named ?? view.mounting(view.controllerManagers).find(isDeployment))?.name;
}
