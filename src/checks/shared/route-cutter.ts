import { GATEWAY_IMPLEMENTATIONS } from '../../controllers/shared/gateways.ts';
import { gatewayClassOf } from '../../manifests/gateway.ts';
import type { Entry } from '../../surface/entry.ts';
import { implementationOf } from '../../surface/gateway-class.ts';
import type { Surface } from '../../surface/surface.ts';
import { isPatched, policyTimeouts } from '../../surface/traffic-policies.ts';

/** An implementation that ends a route's calls by itself. */
interface Cutter {
  name: string;
  /** After how many seconds. */
  seconds: number;
  /** What sets another limit, where a route cannot. */
  fix: string | undefined;
}

/** The one that ends the calls of a route unless the route says otherwise. */
export function cutterOf({ listeners }: Entry, { manifests }: Surface): Cutter | undefined {
  const found = listeners
    .map(({ gateway }) => implementationOf(gateway, manifests))
    .find((implementation) => implementation?.cutsRoutes);
  if (!found?.cutsRoutes) return undefined;
  return { name: found.name, seconds: found.cutsRoutes, fix: found.timeoutFix };
}

/** Those that do. */
export const CUTTERS: string = GATEWAY_IMPLEMENTATIONS.filter(({ cutsRoutes }) => cutsRoutes)
  .map(({ name }) => name)
  .join(', ');

/** What is known of a Gateway whose implementation is not: its class, or that it is not in these manifests. */
export function unknownGateway(
  { listeners, hasForeignGateway }: Entry,
  { manifests }: Surface,
): { name: string; isHere: boolean } | undefined {
  const unknown = listeners
    .map(({ gateway }) => gateway)
    .find((gateway) => implementationOf(gateway, manifests) === undefined);
  if (unknown) return { name: `GatewayClass ${gatewayClassOf(unknown)}`, isHere: true };
  return hasForeignGateway ? { name: 'a Gateway that is not here', isHere: false } : undefined;
}

/** Whether a policy sets the timeout of its calls, or may. */
export function hasOwnTimeout(entry: Entry, surface: Surface): boolean {
  return (
    policyTimeouts(entry, surface).some(({ isOfCalls }) => isOfCalls) || isPatched(entry, surface)
  );
}
