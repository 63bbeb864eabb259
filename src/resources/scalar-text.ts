/**
 * Scalars as they are written: how a decoded value maps to the characters of the source, so that a change inside a
 * ConfigMap's document touches only the characters that it must.
 */
import { Scalar } from '../yaml.ts';
import { indentLines, type Language, printScalar } from './print.ts';
import { applySplices, lineEndOf, lineStart, type Splice } from './text-edit.ts';

/** Source position for each decoded position, and how new text is written between them. */
interface ScalarMap {
  /** One entry for each decoded character, and one for the end. */
  positions: number[];
  encode(text: string, decodedPosition: number): string;
}

/**
 * The splices of the source that carry out splices of a scalar's decoded value.
 *
 * Exact for literal blocks and for plain and quoted scalars on one line; a scalar of another form is written anew, as a
 * literal block or in double quotes.
 */
export function spliceScalar(text: string, node: Scalar, inner: readonly Splice[]): Splice[] {
  const decoded = String(node.value);
  const map = mapScalar(text, node, decoded);
  if (!map) return [rewriteScalar(text, node, applySplices(decoded, inner))];
  return inner.map((splice) => ({
    start: map.positions[splice.start] as number,
    end: map.positions[splice.end] as number,
    text: map.encode(splice.text, splice.start),
  }));
}

/** The splice that gives a scalar another value, in the style that it has. */
export function replaceScalar(
  text: string,
  node: Scalar,
  value: string | number | boolean | null,
  language: Language,
  inFlow: boolean,
): Splice {
  const [start, end] = rangeOf(node);
  if (typeof value === 'string' && language === 'yaml') {
    if (isBlockStyle(node)) return rewriteScalar(text, node, value);
    if (node.type === Scalar.QUOTE_DOUBLE) return { start, end, text: JSON.stringify(value) };
    if (node.type === Scalar.QUOTE_SINGLE && /^[\x20-\x7e]*$/.test(value))
      return { start, end, text: `'${value.replaceAll("'", "''")}'` };
  }
  return { start, end, text: printScalar(value, language, inFlow) };
}

function rangeOf(node: Scalar): [number, number] {
  if (!node.range) throw new Error('a scalar has no place in the source');
  return [node.range[0], node.range[1]];
}

function isBlockStyle(node: Scalar): boolean {
  return node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
}

function mapScalar(text: string, node: Scalar, decoded: string): ScalarMap | undefined {
  const [start, end] = rangeOf(node);
  const source = text.slice(start, end);
  if (node.type === Scalar.BLOCK_LITERAL) return mapLiteral(text, start, end, decoded);
  if (source.includes('\n')) return undefined;
  if (node.type === Scalar.QUOTE_DOUBLE) return mapDoubleQuoted(source, start, decoded);
  if (node.type === Scalar.QUOTE_SINGLE) return mapSingleQuoted(source, start, decoded);
  return source === decoded
    ? {
        positions: Array.from({ length: decoded.length + 1 }, (_, index) => start + index),
        encode: (added) => added,
      }
    : undefined;
}

/** A literal block: each decoded line is a source line without its indentation. */
function mapLiteral(
  text: string,
  start: number,
  end: number,
  decoded: string,
): ScalarMap | undefined {
  const lines = text.slice(start, end).split('\n').slice(1);
  const indent = blockIndent(text, start, lines);
  if (indent === undefined) return undefined;
  const eol = lineEndOf(text);
  const positions: number[] = [];
  let offset = text.indexOf('\n', start) + 1;
  const decodedLines = decoded.split('\n');
  const endsWithFeed = decoded.endsWith('\n');
  for (const [index, line] of decodedLines.entries()) {
    const source = lines[index] ?? '';
    const isLast = index === decodedLines.length - 1;
    const content = source.endsWith('\r') ? source.slice(0, -1) : source;
    if (!(isLast && endsWithFeed) && content.slice(indent) !== line) return undefined;
    const begin = offset + Math.min(indent, content.length);
    for (let column = 0; column < line.length; column += 1) positions.push(begin + column);
    // The line feed of the decoded text stands at the end of the source line, before a carriage return.
    positions.push(isLast && endsWithFeed ? end : offset + content.length);
    offset += source.length + 1;
  }
  const endOfText = endsWithFeed && text[end - 1] === '\n';
  return {
    positions,
    encode: (added, position) => {
      const indented = indentLines(added, indent, eol);
      // After the last line feed a new line begins in the source, which has no indentation yet.
      return endOfText && position === decoded.length && added !== ''
        ? ' '.repeat(indent) + indented
        : indented;
    },
  };
}

/** Indentation of a block scalar's lines, from its first line with content. */
function blockIndent(text: string, start: number, lines: readonly string[]): number | undefined {
  const explicit = /^[|>][+-]?([1-9])|^[|>]([1-9])/.exec(text.slice(start, start + 3));
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) return undefined;
  // An explicit number counts from the parent, whose column is not known here: take the written form anew.
  return explicit ? undefined : first.length - first.trimStart().length;
}

function mapSingleQuoted(source: string, start: number, decoded: string): ScalarMap | undefined {
  const positions: number[] = [];
  let value = '';
  let index = 1;
  while (index < source.length - 1) {
    positions.push(start + index);
    value += source[index];
    index += source[index] === "'" ? 2 : 1;
  }
  positions.push(start + index);
  return value === decoded
    ? { positions, encode: (added) => added.replaceAll("'", "''") }
    : undefined;
}

const escapeLengths: Record<string, number> = { x: 4, u: 6, U: 10 };

function mapDoubleQuoted(source: string, start: number, decoded: string): ScalarMap | undefined {
  const positions: number[] = [];
  let index = 1;
  while (index < source.length - 1 && positions.length < decoded.length) {
    positions.push(start + index);
    const isEscape = source[index] === '\\';
    const length = isEscape ? (escapeLengths[source[index + 1] ?? ''] ?? 2) : 1;
    if (!isEscape && source[index] !== decoded[positions.length - 1]) return undefined;
    // An escape beyond the basic plane stands for two UTF-16 units.
    if (isEscape && length === 10 && (decoded.codePointAt(positions.length - 1) ?? 0) > 0xffff)
      positions.push(start + index);
    index += length;
  }
  positions.push(start + index);
  return positions.length === decoded.length + 1 && index === source.length - 1
    ? { positions, encode: (added) => JSON.stringify(added).slice(1, -1) }
    : undefined;
}

/** A whole new scalar in place of one that cannot be changed in part; block styles stay block styles. */
function rewriteScalar(text: string, node: Scalar, value: string): Splice {
  const [start, end] = rangeOf(node);
  const source = text.slice(start, end);
  const header = /^[|>][^\n\r]*/.exec(source)?.[0];
  const literal =
    /^[\t\x20-\x7e\n\u00a0-\ud7ff\ue000-\ufffd]*$/.test(value) && /^[^\s]/.test(value);
  if (!header || !literal) {
    const lineFeed = header && source.endsWith('\n') ? lineEndOf(text) : '';
    return { start, end, text: JSON.stringify(value) + lineFeed };
  }
  const eol = lineEndOf(text);
  const first = source
    .split('\n')
    .slice(1)
    .find((line) => line.trim() !== '');
  const keyColumn = text.slice(lineStart(text, start)).search(/[^\s-]/);
  const indent = first ? first.length - first.trimStart().length : keyColumn + 2;
  const chomping = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const comment = /\s#.*$/.exec(header)?.[0] ?? '';
  const body = ' '.repeat(indent) + indentLines(value.replace(/\n$/, ''), indent, eol);
  return {
    start,
    end,
    text: `|${chomping}${comment}${eol}${body}${source.endsWith('\n') ? eol : ''}`,
  };
}
