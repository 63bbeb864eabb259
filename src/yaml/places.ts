/** Values at a path that goes through lists. */
import { getIn, type Json } from './json.ts';

/** A value, with where it stands. */
export interface Placed {
  value: Json;
  path: readonly (string | number)[];
}

/**
 * Every value at a path that is there, in the order of the document.
 * @param path - a star stands for every item of a list
 */
export function placesOf(
  json: Json | undefined,
  path: readonly string[],
  above: readonly (string | number)[] = [],
): Placed[] {
  const [key, ...rest] = path;
  if (json === undefined) return [];
  if (key === undefined) return [{ value: json, path: above }];
  if (key !== '*') return placesOf(getIn(json, [key]), rest, [...above, key]);
  return Array.isArray(json)
    ? json.flatMap((item, index) => placesOf(item, rest, [...above, index]))
    : [];
}
