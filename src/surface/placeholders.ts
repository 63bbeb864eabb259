/** Where a placeholder of the base or of the guide is left. */

import type { Resource } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { isDataFile } from './document-roles.ts';

/** The base's trip wire, and the guide's `your-domain.com`, its dot escaped or not. */
const PLACEHOLDERS = /DOMAIN_NOT_SET|your-domain(?:\\*\.|\[\.\])com/i;

export interface PlaceholderPlace {
  path: string;
  /** As it stands there. */
  placeholder: string;
}

/** The placeholder in a text; undefined where there is none. */
export function placeholderIn(text: string): string | undefined {
  return PLACEHOLDERS.exec(text)?.[0];
}

/** Every value of a resource with a placeholder. Comments do not count, neither YAML's nor those of a document inside. */
export function placeholderPlaces(resource: Resource): PlaceholderPlace[] {
  return inValue(resource.json, [], resource);
}

function inValue(
  value: Json | undefined,
  path: readonly (string | number)[],
  resource: Resource,
): PlaceholderPlace[] {
  if (typeof value === 'string')
    return placeholderIn(value) === undefined ? [] : inText(value, path, resource);
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => inValue(item, [...path, key], resource));
}

function inText(
  text: string,
  path: readonly (string | number)[],
  resource: Resource,
): PlaceholderPlace[] {
  const [data, key] = path;
  const isData = resource.kind === 'ConfigMap' && data === 'data' && path.length === 2;
  const document = isData && isDataFile(String(key)) ? resource.document(String(key)) : undefined;
  if (document && document.problem === undefined && typeof document.json === 'object')
    return inDocument(document.json, []).map((place) => ({
      ...place,
      path: `data[${key}].${place.path}`,
    }));
  // Some other file: a line that begins as a comment does in most languages is one.
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|\/\/|;|<!--|--)/.test(line));
  const placeholder = lines.map(placeholderIn).find((found) => found !== undefined);
  return placeholder === undefined ? [] : [{ path: toPath(path), placeholder }];
}

function inDocument(value: Json, path: readonly (string | number)[]): PlaceholderPlace[] {
  if (typeof value === 'string') {
    const placeholder = placeholderIn(value);
    return placeholder === undefined ? [] : [{ path: toPath(path), placeholder }];
  }
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => inDocument(item, [...path, key]));
}
