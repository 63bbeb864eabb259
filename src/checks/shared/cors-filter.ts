/** The filter that reads Envoy's CORS policies, where a manager has a policy. */
import type { Located } from '../../envoy/bootstrap.ts';
import type { CorsSwitch } from '../../envoy/cors.ts';
import { apiManagers } from '../../surface/envoy-api.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';

interface CorsFilter {
  target: DocumentTarget;
  manager: Located;
  /** Undefined where there is none. */
  filter: Located | undefined;
  /** Where it is disabled, and no policy switches it on again. */
  off: CorsSwitch | undefined;
}

/** One for each manager with a policy. */
export function corsFilters(surface: Surface): CorsFilter[] {
  return apiManagers(surface)
    .filter(({ hosts }) => hosts.some(({ policies }) => policies.length > 0))
    .map(({ target, manager, filter, hosts }) => {
      const calls = hosts.flatMap((host) => host.calls);
      return { target, manager, filter, off: calls.find(({ off }) => off?.by === 'filter')?.off };
    });
}
