import type { Entry, ManifestView } from '../../surface/view.ts';
import { implementationOf } from '../../surface/view.ts';

/** Routes without a timeout of their own end after Envoy's 15 seconds. Sources: Contour, issue 5159; Envoy Gateway, issue 5446. */
const CUTS_ROUTES: readonly string[] = ['contour', 'envoy-gateway'];

/** The implementation that ends a route's calls after 15 seconds unless the route says otherwise. */
export function cutterOf({ listeners }: Entry, { resources }: ManifestView): string | undefined {
  return listeners
    .map(({ gateway }) => implementationOf(gateway, resources))
    .find((name) => name !== undefined && CUTS_ROUTES.includes(name));
}
