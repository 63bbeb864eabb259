/** What differs between two states of one overlay: what the function does, and what was found. */

import type { Finding } from '../checks/check.ts';
import { type ResourceReference, resourceLabel } from '../errors.ts';
import { groupedBy } from '../maps.ts';
import { withoutHash } from '../surface/near-names.ts';
import { equalJson, type Json } from '../yaml/json.ts';
import type { Changes } from './changes.ts';

/** One thing that the function does in one state and not in the other, or with another result. */
export interface Difference {
  state: 'new' | 'gone' | 'changed';
  /** Whether a value is changed, or a resource added or taken away as a whole. */
  what: 'value' | 'added' | 'removed';
  resource: ResourceReference;
  document?: string;
  /** Absent for a whole resource. */
  path?: string;
  /** What the function writes in the other state; absent where it does nothing there, or takes the value away. */
  there?: Json;
  here?: Json;
  /** The config field that it follows from; of the other state where it is gone. */
  field: string;
}

/** What the function does in one state alone, or otherwise in the two. */
export interface Comparison {
  differences: Difference[];
  /** How many things the function does in both, with the same result. */
  unchanged: number;
}

type Deed = Omit<Difference, 'state' | 'there' | 'here'> & { value: Json | undefined };

/** Compares by result: what a value was before, and the field that it follows from, make no difference. */
export function compareChanges(then: readonly Changes[], now: readonly Changes[]): Comparison {
  const [before, after] = [deedsOf(then), deedsOf(now)];
  const differences: Difference[] = [];
  for (const [key, { value, ...deed }] of after) {
    const old = before.get(key);
    if (old && isSame(old.value, value)) continue;
    differences.push({
      ...deed,
      state: old ? 'changed' : 'new',
      ...(old?.value === undefined ? {} : { there: old.value }),
      ...(value === undefined ? {} : { here: value }),
    });
  }
  const unchanged = after.size - differences.length;
  for (const [key, { value, ...deed }] of before)
    if (!after.has(key))
      differences.push({
        ...deed,
        state: 'gone',
        ...(value === undefined ? {} : { there: value }),
      });
  return { differences, unchanged };
}

/** The last one of each place: it is what comes out. */
function deedsOf(all: readonly Changes[]): Map<string, Deed> {
  const deeds = all.flatMap(({ changed, added, removed }): Deed[] => [
    ...changed.map(({ resource, document, path, new: value, field }) => ({
      ...{ what: 'value' as const, resource, path, value, field },
      ...(document === undefined ? {} : { document }),
    })),
    ...added.map(({ resource, json: value, field }) => ({
      ...{ what: 'added' as const, resource, value, field },
    })),
    ...removed.map(({ resource, json: value, field }) => ({
      ...{ what: 'removed' as const, resource, value, field },
    })),
  ]);
  return new Map(
    deeds.map((deed) => {
      const { what, resource, document = '', path = '' } = deed;
      return [[what, resourceLabel(resource), document, path].join('\0'), deed];
    }),
  );
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return left === undefined || right === undefined ? left === right : equalJson(left, right);
}

/** What was found in one state alone. */
export interface FindingComparison {
  /** Found now alone. */
  fresh: ReadonlySet<Finding>;
  /** Found in the other state alone. */
  fixed: Finding[];
}

/** Two findings are one where code, severity and place are; the words may name a host that changed. */
export function compareFindings(
  then: readonly Finding[],
  now: readonly Finding[],
): FindingComparison {
  const left = groupedBy(then, (found) => [keyOf(found)]);
  const fresh = now.filter((found) => left.get(keyOf(found))?.shift() === undefined);
  return { fresh: new Set(fresh), fixed: [...left.values()].flat() };
}

function keyOf({ code, severity, resource, also = [], path, message }: Finding): string {
  const named = [...(resource ? [resource] : []), ...also].map((one) =>
    resourceLabel({ ...one, name: withoutHash(one.name) }),
  );
  return [code, severity, named.join() || message, path ?? ''].join('\0');
}
