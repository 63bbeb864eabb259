/** Which program implements a Gateway: by its GatewayClass, else by the name that the program's own installation gives the class. */
import {
  GATEWAY_IMPLEMENTATIONS,
  type GatewayImplementation,
} from '../controllers/shared/gateways.ts';
import { gatewayClassOf } from '../manifests/gateway.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { getIn } from '../yaml/json.ts';

/** Undefined for one that nothing special is known of. */
export function implementationOf(
  gateway: Resource,
  manifests: Manifests,
): GatewayImplementation | undefined {
  const className = gatewayClassOf(gateway);
  const gatewayClass = manifests.named('GatewayClass', className);
  const controller = getIn(gatewayClass?.json, ['spec', 'controllerName']);
  return GATEWAY_IMPLEMENTATIONS.find(({ classController, classNames }) =>
    typeof controller === 'string'
      ? controller.startsWith(classController)
      : classNames.includes(className),
  );
}
