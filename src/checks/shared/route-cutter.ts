import type { Entry } from '../../surface/entry.ts';
import { implementationOf } from '../../surface/gateway-class.ts';
import type { Surface } from '../../surface/surface.ts';

/** Routes without a timeout of their own end after Envoy's 15 seconds. Sources: Contour, issue 5159; Envoy Gateway, issue 5446. */
const CUTS_ROUTES: readonly string[] = ['contour', 'envoy-gateway'];

/** The implementation that ends a route's calls after 15 seconds unless the route says otherwise. */
export function cutterOf({ listeners }: Entry, { manifests }: Surface): string | undefined {
  return listeners
    .map(({ gateway }) => implementationOf(gateway, manifests))
    .find((name) => name !== undefined && CUTS_ROUTES.includes(name));
}
