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

/** A piece of a string: a document, or text that is none. */
export interface Piece {
  text: string;
  document: EmbeddedDocument | undefined;
  /** How many lines of the string stand before it. */
  line: number;
}

/** So many documents inside each other are read as such; each reading costs what is left of the text. What is below is text. */
export const MOST_LEVELS = 16;

/** The document that a string is, or the several that stand in it in a row; undefined for a single value, and for any other text. */
export function documentsIn(text: string, place: Place): Piece[] | undefined {
  const isBraced = /^\s*[[{]/.test(text);
  if (!isBraced && !text.includes('\n') && !isDocumentOf(place)) return undefined;
  const document = documentIn(text);
  if (document) return [{ text, document, line: 0 }];
  let line = 0;
  const pieces = text.split(MARKER.test(text) ? MARKER : LINE).map((piece) => {
    const before = line;
    line += piece.split('\n').length - 1;
    return { text: piece, document: documentIn(piece), line: before };
  });
  return pieces.some((piece) => piece.document) && (MARKER.test(text) || areRecords(pieces))
    ? pieces
    : undefined;
}

/** No line of any scalar begins so (YAML 1.2.2, rule c-forbidden). */
const MARKER = /^(?=---(?:\s|$))/m;
const LINE = /(?<=\n)/;

/** JSON Lines: a document on each line. */
function areRecords(lines: readonly Piece[]): boolean {
  return lines.every(({ text, document }) => document?.language === 'json' || text.trim() === '');
}

function documentIn(text: string): EmbeddedDocument | undefined {
  const isJson = /^\s*[[{]/.test(text) && isStrictJson(text);
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
