/**
 * Reading a config that may be wrong anywhere: every accessor yields a value only where it has the right type.
 *
 * The checks of meaning run beside the schema, not after it, so that all problems come at once. Each check reads its
 * own fields through this module and is silent about those that the schema complains about already.
 */
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';

/** A value with its place. */
export interface Field<T> {
  /** For instance `spec.hosts.aliases.api[0]`. */
  path: string;
  value: T;
}

/** The reverse of `toPath` for paths that are written in this program. */
function toKeys(path: string): string[] {
  return path.split(/[.[\]]+/).filter((key) => key !== '');
}

/** Whether something stands at a path, even if of a wrong type. */
export function present(config: unknown, path: string): boolean {
  return getIn(config, toKeys(path)) !== undefined;
}

/** The text at a path, or undefined where there is none. */
export function textAt(config: unknown, path: string): string | undefined {
  const value = getIn(config, toKeys(path));
  return typeof value === 'string' ? value : undefined;
}

/** The map at a path, or undefined where there is none. */
export function mapAt(config: unknown, path: string): JsonObject | undefined {
  const value = getIn(config, toKeys(path));
  return isObject(value) ? value : undefined;
}

/** The items of the list at a path; empty where there is not a list. */
export function itemsAt(config: unknown, path: string): Field<unknown>[] {
  const value = getIn(config, toKeys(path));
  if (!Array.isArray(value)) return [];
  return value.map((item, index) => ({ path: `${path}[${index}]`, value: item }));
}

/** The texts among the items of the list at a path. */
export function textsAt(config: unknown, path: string): Field<string>[] {
  return itemsAt(config, path).filter(
    (item): item is Field<string> => typeof item.value === 'string',
  );
}

/** Each item whose key an earlier one has too, with the first that has it. */
export function repeated<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): { item: T; earlier: T }[] {
  const first = new Map<string, T>();
  return items.flatMap((item) => {
    const earlier = first.get(keyOf(item));
    if (earlier !== undefined) return [{ item, earlier }];
    first.set(keyOf(item), item);
    return [];
  });
}
