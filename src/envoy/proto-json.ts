/**
 * Envoy's documents are the JSON form of protobuf: a field may be written as `http_filters` or as `httpFilters`, a number as text, an
 * enum by name or number.
 *
 * Sources: protobuf's "JSON mapping"; what stands there in both spellings was tried with Envoy 1.40: lists and maps are joined in the order of
 * the file, of a scalar the last one counts, two messages are refused.
 */
import { asText, isObject, type Json, type JsonObject } from '../yaml/json.ts';

/** Keys and positions from the root of a document. */
export type Path = readonly (string | number)[];

/** Fields whose keys are names that somebody chose. */
const MAPS = new Set([
  'typed_per_filter_config',
  'per_filter_config',
  'typed_extension_protocol_options',
  'filter_metadata',
  'typed_filter_metadata',
]);

/** The view of each list and map, for as long as it lives: readers ask for the same documents again and again. */
const views = new WeakMap<object, Json[] | JsonObject>();
/** What each view that is not the value itself was made of: an edit goes to a place of that. */
const originals = new WeakMap<object, Json[] | JsonObject>();

/**
 * The value as it is when every field is written with underscores: what readers look at. It is the value itself where it is written so
 * already. What is both spellings' is joined.
 */
export function viewOf<T extends Json | undefined>(json: T): T {
  return typeof json === 'object' && json !== null ? (viewIn(json, false) as T) : json;
}

/** What a view was made of. */
export function originalOf<T extends Json | undefined>(view: T): T {
  if (typeof view !== 'object' || view === null) return view;
  return (originals.get(view) ?? view) as T;
}

/**
 * A message that `TypedStruct` wraps, as if it stood there by itself.
 *
 * Source: `xds.type.v3.TypedStruct`, and `udpa.type.v1.TypedStruct` before it.
 */
export function unwrapped(path: Path, view: JsonObject): { path: Path; value: JsonObject } {
  const inner = view['value'];
  const type = view['type_url'];
  if (!asText(view['@type']).endsWith('.TypedStruct') || !isObject(inner) || type === undefined)
    return { path, value: view };
  const value = { ...viewOf(inner), '@type': type };
  originals.set(value, originalOf(inner));
  views.set(value, value);
  return { path: [...path, 'value'], value };
}

/** Every place that a path denotes, with what stands there: each step of it may be written in either spelling. */
export function fieldsAt(root: Json | undefined, path: Path): { path: Path; value: Json }[] {
  let value = originalOf(root);
  const spelling: Path[number][] = [];
  for (const [index, key] of path.entries()) {
    const [own, ...others] = keysFor(value, key);
    if (own === undefined) return [];
    if (others.length > 0)
      return [own, ...others].flatMap((each) =>
        fieldsAt((value as JsonObject)[each], path.slice(index + 1)).map((place) => ({
          ...place,
          path: [...spelling, each, ...place.path],
        })),
      );
    spelling.push(own);
    value = (value as JsonObject)[own];
  }
  return value === undefined ? [] : [{ path: spelling, value }];
}

/** A path as it is spelled in a document; what is not there keeps its underscores. */
export function spelled(root: Json | undefined, path: Path): Path {
  let value = originalOf(root);
  return path.map((key) => {
    const [own = key] = keysFor(value, key);
    value = (value as JsonObject | undefined)?.[own];
    return own;
  });
}

/** Messages that stand there in both spellings, which Envoy refuses: the path of each. */
export function spelledTwice(json: Json | undefined, path: Path = []): Path[] {
  if (Array.isArray(json))
    return json.flatMap((item, index) => spelledTwice(item, [...path, index]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const other = withUnderscores(key);
    const isTwice = other !== key && isObject(json[other]) && isObject(value) && !MAPS.has(other);
    return [...(isTwice ? [[...path, key]] : []), ...spelledTwice(value, [...path, key])];
  });
}

/** Whether a value is true; text counts as well. */
export function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true';
}

/** Whether a value is the one of an enum, by its name in any case or its number. */
export function isEnum(value: Json | undefined, name: string, number: number): boolean {
  const text = asText(value).toUpperCase();
  return text === name || text === String(number);
}

/** A whole number, written as one or as text; undefined for anything else. */
export function numberOf(value: Json | undefined): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return isNumber && Number.isInteger(Number(value)) ? Number(value) : undefined;
}

/** The keys under which a step of a path stands, in the order of the file. */
function keysFor(value: Json | undefined, key: string | number): string[] {
  if (Array.isArray(value)) return Number(key) < value.length ? [key as string] : [];
  if (!isObject(value)) return [];
  const text = String(key);
  const other = withCapitals(text);
  const found = [text, ...(other === text ? [] : [other])].filter((own) =>
    Object.hasOwn(value, own),
  );
  if (found.length < 2) return found;
  return Object.keys(value).filter((own) => found.includes(own));
}

function viewIn(json: Json[] | JsonObject, isMap: boolean): Json[] | JsonObject {
  const known = views.get(json);
  if (known) return known;
  const view = Array.isArray(json) ? viewOfList(json) : viewOfMap(json, isMap);
  views.set(json, view);
  if (view === json) return view;
  views.set(view, view);
  originals.set(view, json);
  return view;
}

function viewOfList(json: Json[]): Json[] {
  const items = json.map((item) => viewOf(item));
  return items.every((item, index) => item === json[index]) ? json : items;
}

function viewOfMap(json: JsonObject, isMap: boolean): JsonObject {
  const made: JsonObject = {};
  let isSame = true;
  for (const [key, value] of Object.entries(json)) {
    const name = isMap ? key : withUnderscores(key);
    const item = isObject(value) ? viewIn(value, !isMap && MAPS.has(name)) : viewOf(value);
    isSame &&= name === key && item === value;
    made[name] = joined(Object.hasOwn(made, name) ? made[name] : undefined, item as Json);
  }
  return isSame ? json : made;
}

function joined(first: Json | undefined, second: Json): Json {
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  return isObject(first) && isObject(second) ? { ...first, ...second } : second;
}

/** `httpFilters` becomes `http_filters`; other keys stay. */
export function withUnderscores(key: string): string {
  if (!/^[a-z][a-zA-Z0-9]*[A-Z][a-zA-Z0-9]*$/.test(key)) return key;
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `http_filters` becomes `httpFilters`; other keys stay. */
function withCapitals(key: string): string {
  if (!key.includes('_') || !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/.test(key)) return key;
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
