import type { Entry } from '../../surface/entry.ts';
import { implementationOf } from '../../surface/gateway-class.ts';
import type { Surface } from '../../surface/surface.ts';
import { isPatched, policyTimeouts } from '../../surface/traffic-policies.ts';

/** The implementation that ends a route's calls after 15 seconds unless the route says otherwise. */
export function cutterOf({ listeners }: Entry, { manifests }: Surface): string | undefined {
  return listeners
    .map(({ gateway }) => implementationOf(gateway, manifests))
    .find((implementation) => implementation?.cutsRoutes)?.name;
}

/** Whether a policy sets the timeout of its calls, or may. */
export function hasOwnTimeout(entry: Entry, surface: Surface): boolean {
  return (
    policyTimeouts(entry, surface).some(({ isOfCalls }) => isOfCalls) || isPatched(entry, surface)
  );
}
