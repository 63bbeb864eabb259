/** Plain JSON values, and RFC 6901 pointers into them. */

/** What a YAML document says, as JSON has it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Whether a value is a map. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `['data', 'a/b']` becomes `/data/a~1b`. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** `/data/a~1b` becomes `['data', 'a/b']`. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a path, or undefined where any step of it is missing. */
export function getIn(value: unknown, path: readonly (string | number)[]): Json | undefined {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current as Json | undefined;
}

/** The string at a path; empty where there is none. */
export function stringAt(value: unknown, path: readonly (string | number)[]): string {
  const found = getIn(value, path);
  return typeof found === 'string' ? found : '';
}

/**
 * A value as text where a scalar is expected, whatever is there. `String` throws for a map with a key such as `toString`, which a manifest
 * may have.
 */
export function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return isObject(value) ? 'a map' : String(value);
}

/** The same as a number: NaN where none is there. */
export function asNumber(value: unknown): number {
  return typeof value === 'object' && value !== null ? Number.NaN : Number(value);
}

/** The object at a path; empty where there is none. */
export function objectAt(value: unknown, path: readonly (string | number)[]): JsonObject {
  const found = getIn(value, path);
  return isObject(found) ? found : {};
}

/** A copy with another value at a path that is there; what lies beside the path is shared. */
export function withValue(json: Json, path: readonly string[], value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = withValue(getIn(json, [key]) ?? null, rest, value);
  return Array.isArray(json)
    ? json.with(Number(key), inner)
    : { ...(json as JsonObject), [key]: inner };
}

/** Equality of content; the order of keys does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return (
      left.length === right.length && left.every((item, index) => equalJson(item, right[index]))
    );
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
  );
}

/**
 * Levels. Documents that people or programs write have ten or twenty, and whatever walks through one takes frames of the stack for each: the
 * YAML library was seen to end at 860.
 */
export const DEEPEST = 500;

/** What a text says in JSON; undefined where it is none, or nests deeper than any document that is read. */
export function readJson(text: string): Json | undefined {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  let level = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return undefined;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return json;
}

/** Every string inside a value, with where it stands. */
export function leavesOf(
  value: Json | undefined,
  path: readonly (string | number)[] = [],
): { path: readonly (string | number)[]; value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

/** The items without those that equal an earlier one. */
export function distinct<T extends Json>(items: readonly T[]): T[] {
  return items.filter(
    (item, index) => items.findIndex((other) => equalJson(other, item)) === index,
  );
}

/** The objects of a JSON list; none where it is not a list. */
export function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The strings of a JSON list; none where it is not a list. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
