/** Where a placeholder of the base or of the guide is left. */
import type { EmbeddedDocument } from '../manifests/embedded-document.ts';
import type { Resource } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';

/**
 * What base manifests carry where a public host name belongs, behind `api.` or `app.` or by itself; the Kubernetes API refuses it in an
 * Ingress.
 */
export const PLACEHOLDER = 'DOMAIN_NOT_SET';

/** The base's trip wire, and the guide's `your-domain.com`, its dot escaped or not. */
const PLACEHOLDERS = /DOMAIN_NOT_SET|your-domain(?:\\*\.|\[\.\])com/i;

/** A key or a value of a resource, or of a document inside it. */
export interface TextPlace {
  text: string;
  isKey: boolean;
  /** From the top of the resource, or of the document. */
  path: readonly (string | number)[];
  /** Key of `data` under which the document stands. */
  document: string | undefined;
}

/** The placeholder in a text; undefined where there is none. */
export function placeholderIn(text: string): string | undefined {
  return PLACEHOLDERS.exec(text)?.[0];
}

/** Every value of a resource with a placeholder. Comments do not count, neither YAML's nor those of a document inside. */
export function placeholderPlaces(resource: Resource): { path: string; placeholder: string }[] {
  const values = textsWith(resource, PLACEHOLDERS).filter(({ isKey }) => !isKey);
  return values.flatMap(({ text, path, document }) => {
    if (document !== undefined)
      return { path: `data[${document}].${toPath(path)}`, placeholder: placeholderIn(text) ?? '' };
    // Some other file: a line that begins as a comment does in most languages is one.
    const lines = text.split('\n').filter((line) => !/^\s*(?:#|\/\/|;|<!--|--)/.test(line));
    const placeholder = lines.map(placeholderIn).find((found) => found !== undefined);
    return placeholder === undefined ? [] : { path: toPath(path), placeholder };
  });
}

/** Every key and value that matches; of a document that parses, those inside it. */
export function textsWith(resource: Resource, pattern: RegExp): TextPlace[] {
  const walk = (
    value: Json | undefined,
    path: TextPlace['path'],
    document: string | undefined,
  ): TextPlace[] => {
    if (typeof value === 'string') {
      if (!pattern.test(value)) return [];
      const opened = document === undefined ? documentAt(resource, path) : undefined;
      if (opened) return walk(opened.json, [], opened.key);
      return [{ text: value, isKey: false, path, document }];
    }
    if (Array.isArray(value))
      return value.flatMap((item, index) => walk(item, [...path, index], document));
    return Object.entries(isObject(value) ? value : {}).flatMap(([key, item]) => {
      const place = [...path, key];
      const own = pattern.test(key) ? [{ text: key, isKey: true, path: place, document }] : [];
      return [...own, ...walk(item, place, document)];
    });
  };
  return walk(resource.json, [], undefined);
}

/** The document at a place of a ConfigMap; undefined where there is none, or only text. */
function documentAt(resource: Resource, path: TextPlace['path']): EmbeddedDocument | undefined {
  const [data, key, ...rest] = path;
  if (resource.kind !== 'ConfigMap' || data !== 'data' || rest.length > 0) return undefined;
  const document = resource.document(String(key));
  return document?.problem || typeof document?.json !== 'object' ? undefined : document;
}
