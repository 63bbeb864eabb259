/** The filter that reads Envoy's CORS policies, among the filters of a manager that has a policy. */
import { type Located, objectsAt, typeName } from '../../envoy/bootstrap.ts';
import { apiManagers, CORS_FILTER } from '../../surface/cors-policies.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { toPath } from '../../yaml/path.ts';

interface CorsFilter {
  target: DocumentTarget;
  /** Of the list of filters. */
  path: string;
  filters: readonly Located[];
  /** In the list; negative where there is none. */
  position: number;
  /** Whether it is disabled, and no policy switches it on again. */
  isOff: boolean;
}

/** One for each manager with a policy. */
export function corsFilters(view: Surface): CorsFilter[] {
  return apiManagers(view)
    .filter(({ hosts }) => hosts.some(({ policies }) => policies.length > 0))
    .map(({ target, manager, hosts }) => {
      const filters = objectsAt(manager.value, ['http_filters']);
      const position = filters.findIndex(
        ({ value }) => value['name'] === CORS_FILTER || typeName(value['typed_config']) === 'Cors',
      );
      const found = filters[position]?.value;
      const name = String(found?.['name'] ?? '');
      // A policy under the filter's own name switches it on again; one in a deprecated field does not.
      const isOn = hosts.every(({ chains }) =>
        chains.every((chain) => chain.some((policy) => policy.path.includes(name))),
      );
      const path = toPath([...manager.path, 'http_filters']);
      return { target, path, filters, position, isOff: found?.['disabled'] === true && !isOn };
    });
}
