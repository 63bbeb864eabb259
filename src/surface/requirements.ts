/**
 * What an environment needs besides its manifests, and the oldest versions that do: `verify` compares it with a cluster, and
 * docs/requirements.md has it as a table.
 *
 * Sources: Kubernetes, "Container lifecycle hooks" (`sleep`: on by default since 1.30), "Sidecar Containers" (1.29), "Specifying a Disruption
 * Budget" (`unhealthyPodEvictionPolicy`: 1.27); Michelangelo's README (1.24). The Gateway API's release notes: GRPCRoute v1 came with 1.1,
 * `timeouts` in the standard channel with 1.2, BackendTLSPolicy v1 with 1.4, TLSRoute v1 with 1.5, which wants Kubernetes 1.31. cert-manager,
 * "HTTP01" (`ingressClassName`: 1.12) and "HTTP-01 Gateway API solver" (`--enable-gateway-api`: 1.15). The Prometheus operator's changelog
 * (PodMonitor: 0.31; the label `namespace` on what a Probe measures: 0.45).
 */
import { allContainersOf, podSpecOf } from '../manifests/workload.ts';
import { getIn, isObject, list } from '../yaml/json.ts';
import { isAnnotated } from './issuers.ts';
import { solversOf } from './solvers.ts';
import type { Surface } from './surface.ts';

/** What has a version that matters, by the name that people know it by. */
export type Program =
  | 'Kubernetes'
  | 'Gateway API'
  | 'cert-manager'
  | 'Prometheus operator'
  | 'Node.js'
  | 'kustomize';

/** The oldest version of a program that will do. */
export interface Requirement {
  program: Program;
  /** The oldest that will do; written as the program itself writes it. */
  version: string;
  /** What of the manifests needs it. */
  because: string;
  /** Whether it does; undefined for what only the machine that builds has to have. */
  isUsed?: (surface: Surface) => boolean;
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** Of each program the newest first. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    program: 'Kubernetes',
    version: 'v1.31',
    because: 'TLSRoute',
    isUsed: (surface) => has(surface, 'TLSRoute', GATEWAY_API),
  },
  {
    program: 'Kubernetes',
    version: 'v1.30',
    because: 'lifecycle.preStop.sleep',
    isUsed: ({ workloads }) =>
      workloads.some((workload) =>
        allContainersOf(workload).some(
          (one) => getIn(one, ['lifecycle', 'preStop', 'sleep']) !== undefined,
        ),
      ),
  },
  {
    program: 'Kubernetes',
    version: 'v1.29',
    because: 'an init container that keeps running (`restartPolicy: Always`)',
    isUsed: ({ workloads }) =>
      workloads.some((workload) =>
        list(podSpecOf(workload)['initContainers']).some(
          (one) => one['restartPolicy'] === 'Always',
        ),
      ),
  },
  {
    program: 'Kubernetes',
    version: 'v1.27',
    because: 'unhealthyPodEvictionPolicy',
    isUsed: ({ manifests }) =>
      manifests
        .ofKind('PodDisruptionBudget')
        .some(({ json }) => getIn(json, ['spec', 'unhealthyPodEvictionPolicy']) !== undefined),
  },
  { program: 'Kubernetes', version: 'v1.24', because: 'Michelangelo', isUsed: () => true },
  {
    program: 'Gateway API',
    version: 'v1.5.0',
    because: 'TLSRoute',
    isUsed: (surface) => has(surface, 'TLSRoute', GATEWAY_API),
  },
  {
    program: 'Gateway API',
    version: 'v1.4.0',
    because: 'BackendTLSPolicy',
    isUsed: (surface) => has(surface, 'BackendTLSPolicy', GATEWAY_API),
  },
  {
    program: 'Gateway API',
    version: 'v1.2.0',
    because: 'timeouts of an HTTPRoute',
    isUsed: ({ manifests }) =>
      manifests
        .ofKind('HTTPRoute')
        .some(({ json }) =>
          list(getIn(json, ['spec', 'rules'])).some((rule) => rule['timeouts'] !== undefined),
        ),
  },
  {
    program: 'Gateway API',
    version: 'v1.1.0',
    because: 'GRPCRoute',
    isUsed: (surface) => has(surface, 'GRPCRoute', GATEWAY_API),
  },
  {
    program: 'Gateway API',
    version: 'v1.0.0',
    because: 'Gateway and HTTPRoute',
    isUsed: (surface) =>
      has(surface, 'HTTPRoute', GATEWAY_API) || has(surface, 'Gateway', GATEWAY_API),
  },
  {
    program: 'cert-manager',
    version: 'v1.15.0',
    because: 'certificates of a Gateway, with `--enable-gateway-api` or `enableGatewayAPI`',
    isUsed: asksForGateways,
  },
  {
    program: 'cert-manager',
    version: 'v1.12.0',
    because: '`ingressClassName` of an HTTP-01 solver',
    isUsed: (surface) =>
      solversIn(surface).some(
        (solver) => getIn(solver, ['http01', 'ingress', 'ingressClassName']) !== undefined,
      ),
  },
  {
    program: 'cert-manager',
    version: 'v1.0.0',
    because: 'certificates and issuers',
    isUsed: (surface) =>
      ['Certificate', 'Issuer', 'ClusterIssuer'].some((kind) =>
        has(surface, kind, 'cert-manager.io/v1'),
      ) || surface.manifests.ofKind('Ingress', 'Gateway').some(isAnnotated),
  },
  {
    program: 'Prometheus operator',
    version: '0.45.0',
    because: 'Probe, with `alerts.prometheusOperator.prober`',
    isUsed: (surface) => has(surface, 'Probe', 'monitoring.coreos.com/v1'),
  },
  {
    program: 'Prometheus operator',
    version: '0.31.0',
    because: 'PrometheusRule and PodMonitor, with `alerts`',
    isUsed: (surface) =>
      ['PrometheusRule', 'PodMonitor', 'ServiceMonitor'].some((kind) =>
        has(surface, kind, 'monitoring.coreos.com/v1'),
      ),
  },
  { program: 'Node.js', version: '20', because: 'the function and this command line' },
  {
    program: 'kustomize',
    version: '4.5.4',
    because: 'the plugin; the one in kubectl since 1.24 will do',
  },
];

/** The oldest version of a program that the manifests work with; undefined where they need none of it. */
export function needed(program: Program, surface: Surface): Requirement | undefined {
  return REQUIREMENTS.find((row) => row.program === program && row.isUsed?.(surface));
}

/** Whether cert-manager has to look at Gateways, which it does not by itself: for their certificates, or to answer challenges. */
export function asksForGateways(surface: Surface): boolean {
  return (
    surface.manifests.ofKind('Gateway').some(isAnnotated) ||
    solversIn(surface).some((solver) => isObject(getIn(solver, ['http01', 'gatewayHTTPRoute'])))
  );
}

function has({ manifests }: Surface, kind: string, apiVersion: string): boolean {
  return manifests.ofKind(kind).some(({ json }) => json['apiVersion'] === apiVersion);
}

function solversIn({ manifests }: Surface) {
  return manifests.ofKind('Issuer', 'ClusterIssuer').flatMap(solversOf);
}
