import type { Surface } from '../../surface/surface.ts';
import { suggestService } from '../../surface/upstreams.ts';
import type { FindingDetails } from '../check.ts';

/** Backends of routes; those of Ingresses are followed by kustomize, and have a code of their own. */
export function missingRouteBackends(view: Surface): FindingDetails[] {
  return view.entries
    .filter(({ form }) => form === 'route')
    .flatMap(({ resource, paths }) => {
      const seen = new Set<string>();
      return paths.flatMap(({ backend, place, role }) => {
        const isSeen = seen.has(place);
        seen.add(place);
        const isService = backend.kind === 'Service' && view.services.length > 0;
        // In a namespace that nothing here is in, other programs' backends may be in another stream.
        const isNamed =
          role !== undefined ||
          backend.namespace === resource.namespace ||
          view.services.some(({ namespace }) => namespace === backend.namespace);
        if (isSeen || backend.service || !isService || !isNamed) return [];
        const where =
          backend.namespace === resource.namespace ? '' : ` in namespace ${backend.namespace}`;
        const message = `there is no Service ${backend.name}${where}`;
        return [{ resource, path: place, message, mend: suggestService(backend.name, view) }];
      });
    });
}
