/** What a string of a resource holds: a document, base64, an item of a list. */
import { EmbeddedDocument } from '../../manifests/embedded-document.ts';
import type { StringPlace } from '../../yaml/rewrite-strings.ts';
import { isScalar, isSeq, placeAt } from '../../yaml/yaml.ts';
import type { Place } from './places.ts';

/** Whether a place is a key of a ConfigMap's `data`: the document there has places of its own. */
export function isDocumentOf({ resource, document, path }: Place): boolean {
  const isData = resource?.kind === 'ConfigMap' && path[0] === 'data' && path.length === 2;
  return document === undefined && isData;
}

/** Whether a string is base64 by where it stands. */
export function isDataOf({ resource, document, path: [first] }: Place): boolean {
  if (document !== undefined) return false;
  return first === 'binaryData' || (resource?.kind === 'Secret' && first === 'data');
}

/** The document that a string is; undefined for a single value, and for any other text. */
export function documentIn(text: string, place: Place): EmbeddedDocument | undefined {
  const isBraced = /^\s*[[{]/.test(text);
  if (!isBraced && !text.includes('\n') && !isDocumentOf(place)) return undefined;
  const isJson = isBraced && isStrictJson(text);
  const document = new EmbeddedDocument(isJson ? 'document.json' : 'document.yaml', text);
  const isRead = document.problem === undefined && document.json !== null;
  return isRead && typeof document.json === 'object' ? document : undefined;
}

function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The items that lists have by now, in lower case. */
export class ListItems {
  readonly #known = new Map<object, Set<string>>();

  /** Takes a new text for an item; false where the list has that already. */
  replace({ list, value }: StringPlace, text: string): boolean {
    if (!isSeq(list)) return true;
    const known = this.#known.get(list) ?? new Set(list.items.flatMap(textOf));
    this.#known.set(list, known);
    if (known.has(text.toLowerCase())) return false;
    known.delete(value.toLowerCase());
    known.add(text.toLowerCase());
    return true;
  }
}

function textOf(item: unknown): string[] {
  return isScalar(item) ? [String(item.value).toLowerCase()] : [];
}

/** The line of a position, from 1; undefined in a text of one line. */
export function lineOf(text: string, position: number): number | undefined {
  return text.trimEnd().includes('\n') ? placeAt(text, position).line : undefined;
}
