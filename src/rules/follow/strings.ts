/** What a string of a resource holds: a document, or base64. */
import { EmbeddedDocument } from '../../manifests/embedded-document.ts';
import { placeAt } from '../../yaml/yaml.ts';
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

/** The line of a position, from 1; undefined in a text of one line. */
export function lineOf(text: string, position: number): number | undefined {
  return text.trimEnd().includes('\n') ? placeAt(text, position).line : undefined;
}
