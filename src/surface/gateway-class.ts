/** Which program implements a Gateway: by its GatewayClass, else by the name that the program's own installation gives the class. */

import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { getIn } from '../yaml/json.ts';

export type GatewayImplementation = 'contour' | 'envoy-gateway' | 'istio';

/** Sources: `controllerName` and class name in each project's quick start. */
const IMPLEMENTATIONS: readonly {
  name: GatewayImplementation;
  controller: string;
  classNames: readonly string[];
}[] = [
  { name: 'contour', controller: 'projectcontour.io/', classNames: ['contour'] },
  {
    name: 'envoy-gateway',
    controller: 'gateway.envoyproxy.io/',
    classNames: ['eg', 'envoy-gateway'],
  },
  { name: 'istio', controller: 'istio.io/', classNames: ['istio'] },
];

/** Undefined for one that nothing special is known of. */
export function implementationOf(
  gateway: Resource,
  manifests: Manifests,
): GatewayImplementation | undefined {
  const className = String(getIn(gateway.json, ['spec', 'gatewayClassName']));
  const gatewayClass = manifests.named('GatewayClass', className);
  const controller = getIn(gatewayClass?.json, ['spec', 'controllerName']);
  return IMPLEMENTATIONS.find((known) =>
    typeof controller === 'string'
      ? controller.startsWith(known.controller)
      : known.classNames.includes(className),
  )?.name;
}
