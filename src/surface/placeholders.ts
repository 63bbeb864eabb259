/** Where a placeholder of the base or of the guide is left. */

import type { Resource } from '../manifests/resource.ts';
import { leavesOf } from '../yaml/json.ts';
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
  return leavesOf(resource.json)
    .filter(({ value }) => placeholderIn(value) !== undefined)
    .flatMap(({ path, value }) => inText(value, path, resource));
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
    return leavesOf(document.json).flatMap(({ path: place, value }) => {
      const placeholder = placeholderIn(value);
      return placeholder ? [{ path: `data[${key}].${toPath(place)}`, placeholder }] : [];
    });
  // Some other file: a line that begins as a comment does in most languages is one.
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|\/\/|;|<!--|--)/.test(line));
  const placeholder = lines.map(placeholderIn).find((found) => found !== undefined);
  return placeholder === undefined ? [] : [{ path: toPath(path), placeholder }];
}
