/** What is known of the programs that implement the Gateway API. */
import type { ControllerName } from '../index.ts';

/** A program behind Gateways. */
export interface GatewayImplementation {
  name: string;
  /** How `spec.controllerName` of its GatewayClasses begins. */
  classController: string;
  /** The classes that its own installation makes. */
  classNames: readonly string[];
  /** The controller of Ingresses in the same program, whose marks on Services it reads for routes as well. */
  ingressController?: ControllerName;
  /** How many seconds routes without a timeout of their own last. */
  cutsRoutes?: number;
  /** What sets another one for a route that has none, where its own kind of policy does. */
  timeoutFix?: string;
  /** Listeners whose certificates name the same host speak HTTP/1.1 alone, so that gRPC does not get through. */
  losesHttp2?: true;
}

/** Sources: each project's quick start; of `cutsRoutes`, Contour, issue 5159, Envoy Gateway, issue 5446, kgateway, issue 12285, and Google Cloud, "Configure Gateway resources using Policies" (`timeoutSec`); of `losesHttp2`, Envoy Gateway, condition `OverlappingTLSConfig`. */
export const GATEWAY_IMPLEMENTATIONS: readonly GatewayImplementation[] = [
  {
    name: 'contour',
    classController: 'projectcontour.io/',
    classNames: ['contour'],
    ingressController: 'contour',
    cutsRoutes: 15,
  },
  {
    name: 'envoy-gateway',
    classController: 'gateway.envoyproxy.io/',
    classNames: ['eg', 'envoy-gateway'],
    cutsRoutes: 15,
    losesHttp2: true,
  },
  {
    name: 'kgateway',
    classController: 'kgateway.dev/',
    classNames: ['kgateway'],
    cutsRoutes: 15,
  },
  {
    name: 'gke',
    classController: 'networking.gke.io/gateway',
    classNames: [
      'gke-l7-global-external-managed',
      'gke-l7-global-external-managed-mc',
      'gke-l7-regional-external-managed',
      'gke-l7-regional-external-managed-mc',
      'gke-l7-cross-regional-internal-managed-mc',
      'gke-l7-rilb',
      'gke-l7-rilb-mc',
      'gke-l7-gxlb',
      'gke-l7-gxlb-mc',
    ],
    cutsRoutes: 30,
    timeoutFix: 'add a GCPBackendPolicy for the Service with `spec.default.timeoutSec: 3600`',
  },
  {
    name: 'istio',
    classController: 'istio.io/',
    classNames: ['istio'],
    ingressController: 'istio',
  },
];
