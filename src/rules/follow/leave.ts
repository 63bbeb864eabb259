/** `hosts.leave`: places where an old host stays on purpose. */
import type { Settings } from '../../config/settings.ts';
import { type Problem, resourceLabel } from '../../errors.ts';
import { type Place, printPlace } from './places.ts';

/** `spec.hosts.leave`, and which of its rows kept something. */
export class KeptPlaces {
  readonly #rows: readonly { resource: string; path: string }[];
  readonly #used = new Set<number>();

  constructor({ config }: Settings) {
    this.#rows = config.spec.hosts?.leave ?? [];
  }

  /** Whether the config says that a place stays as it is: by its path, or by that of something around it. */
  has(place: Place): boolean {
    if (this.#rows.length === 0 || !place.resource) return false;
    const label = resourceLabel(place.resource.reference);
    const path = printPlace(place);
    const found = this.#rows.findIndex((row) => row.resource === label && isWithin(path, row.path));
    if (found >= 0) this.#used.add(found);
    return found >= 0;
  }

  /** A warning for each row that kept nothing. */
  problems(): Problem[] {
    return this.#rows.flatMap(({ resource, path }, index): Problem[] =>
      this.#used.has(index)
        ? []
        : [
            {
              code: 'leave-unused',
              severity: 'warning',
              message: 'a place that is to keep its old host has none',
              path: `spec.hosts.leave[${index}]`,
              found: `${resource}, ${path}`,
              expected: 'a resource and a path as explain and the finding old-host-left print them',
              fix: 'correct the resource or the path, or remove the row',
            },
          ],
    );
  }
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));
}
