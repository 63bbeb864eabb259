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
}

/** Sources: each project's quick start; of `cutsRoutes`, Contour, issue 5159, and Envoy Gateway, issue 5446. */
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
  },
  {
    name: 'istio',
    classController: 'istio.io/',
    classNames: ['istio'],
    ingressController: 'istio',
  },
];
