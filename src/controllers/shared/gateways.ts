/** What is known of the programs that implement the Gateway API. */
import type { ControllerName } from '../index.ts';

export interface GatewayImplementation {
  name: string;
  /** How `spec.controllerName` of its GatewayClasses begins. */
  classController: string;
  /** The classes that its own installation makes. */
  classNames: readonly string[];
  /** The controller of Ingresses in the same program, whose marks on Services it reads for routes as well. */
  ingressController?: ControllerName;
  /** Routes without a timeout of their own end after Envoy's 15 seconds. */
  cutsRoutes?: true;
  /** Listeners whose certificates name the same host speak HTTP/1.1 alone, so that gRPC does not get through. */
  losesHttp2?: true;
}

/** Sources: each project's quick start; of `cutsRoutes`, Contour, issue 5159, Envoy Gateway, issue 5446, and kgateway, issue 12285; of `losesHttp2`, Envoy Gateway, condition `OverlappingTLSConfig`. */
export const GATEWAY_IMPLEMENTATIONS: readonly GatewayImplementation[] = [
  {
    name: 'contour',
    classController: 'projectcontour.io/',
    classNames: ['contour'],
    ingressController: 'contour',
    cutsRoutes: true,
  },
  {
    name: 'envoy-gateway',
    classController: 'gateway.envoyproxy.io/',
    classNames: ['eg', 'envoy-gateway'],
    cutsRoutes: true,
    losesHttp2: true,
  },
  {
    name: 'kgateway',
    classController: 'kgateway.dev/',
    classNames: ['kgateway'],
    cutsRoutes: true,
  },
  {
    name: 'istio',
    classController: 'istio.io/',
    classNames: ['istio'],
    ingressController: 'istio',
  },
];
