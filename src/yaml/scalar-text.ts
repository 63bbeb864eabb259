/** Scalars written anew, in whole or in part, in the style that they have. */

import { spliceFlowScalar } from './flow-scalar.ts';
import type { Json } from './json.ts';
import { spliceLiteral } from './literal-scalar.ts';
import { indentLines, type Language, ONE_LINE, printDoubleQuoted, printScalar } from './print.ts';
import { applySplices, lineEndOf, type Splice } from './text-edit.ts';
import { Scalar } from './yaml.ts';

/**
 * The splices of the source that carry out splices of a scalar's decoded value, so that a change inside a ConfigMap's
 * document touches only the characters that it must.
 *
 * Exact for literal blocks and for plain and quoted scalars, lines folded or not; where the style cannot hold the new text, and
 * for folded blocks, the scalar is written anew.
 *
 * @param parentColumn - the column from which a block scalar's indentation counts
 */
export function spliceScalar(
  text: string,
  node: Scalar,
  inner: readonly Splice[],
  parentColumn: number,
): Splice[] {
  const [start, end] = rangeOf(node);
  const decoded = String(node.value);
  const source = text.slice(start, end);
  const splices =
    node.type === Scalar.BLOCK_LITERAL
      ? spliceLiteral(source, decoded, inner, lineEndOf(text))
      : spliceFlowScalar(source, node.type, decoded, inner);
  if (!splices) return [rewriteScalar(text, node, applySplices(decoded, inner), parentColumn)];
  return splices.map((splice) => ({
    start: start + splice.start,
    end: start + splice.end,
    text: splice.text,
  }));
}

/** The splice that gives a scalar another value, in the style that it has. */
export function replaceScalar(
  text: string,
  node: Scalar,
  value: Json,
  language: Language,
  inFlow: boolean,
  parentColumn: number,
): Splice {
  const [start, end] = rangeOf(node);
  if (isBlockStyle(node)) {
    if (typeof value === 'string') return rewriteScalar(text, node, value, parentColumn);
    return onOneLine(text, node, printScalar(value, language, inFlow));
  }
  if (typeof value === 'string' && language === 'yaml') {
    if (node.type === Scalar.QUOTE_DOUBLE) return { start, end, text: printDoubleQuoted(value) };
    if (node.type === Scalar.QUOTE_SINGLE && ONE_LINE.test(value))
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

/** Something on one line in place of a scalar; a block scalar leaves the comment of its header and its last line end. */
function onOneLine(text: string, node: Scalar, printed: string): Splice {
  const [start, end] = rangeOf(node);
  const source = text.slice(start, end);
  if (!isBlockStyle(node)) return { start, end, text: printed };
  return {
    start,
    end,
    text: printed + headerComment(source) + (source.endsWith('\n') ? lineEndOf(text) : ''),
  };
}

function headerComment(source: string): string {
  return /^[^\s]+([ \t]+#[^\r\n]*)/.exec(source)?.[1] ?? '';
}

/** What a literal block can hold: no control characters, nothing that a reader takes for a line end, and some text. */
const LITERAL =
  /^(?:[\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}])*$/u;

/** A whole new scalar in place of one that cannot be changed in part; block styles stay block styles. */
function rewriteScalar(text: string, node: Scalar, value: string, parentColumn: number): Splice {
  const [start, end] = rangeOf(node);
  const source = text.slice(start, end);
  const first = value.split('\n').find((line) => line !== '');
  const isClear = first && /^ *[^ \t]/.test(first) && !/\n[ \t]+\n*$/.test(value);
  if (!isBlockStyle(node) || !LITERAL.test(value) || !isClear)
    return onOneLine(text, node, printDoubleQuoted(value));
  const eol = lineEndOf(text);
  const indent = blockIndent(source, String(node.value)) ?? parentColumn + 2;
  const isExplicit = first.startsWith(' ') || value.startsWith('\n') || parentColumn < 0;
  const width = indent - parentColumn;
  if (isExplicit && (width < 1 || width > 9))
    return onOneLine(text, node, printDoubleQuoted(value));
  const chomping = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const isFolded = source.startsWith('>') && !value.trimEnd().includes('\n') && !isExplicit;
  const header = `${isFolded ? '>' : '|'}${isExplicit ? width : ''}${chomping}`;
  const body =
    ' '.repeat(value.startsWith('\n') ? 0 : indent) +
    indentLines(value.replace(/\n$/, ''), indent, eol);
  const lastEnd = chomping !== '-' || source.endsWith('\n') ? eol : '';
  // Blank lines that were not part of the value stay behind it.
  const isKeeping = chomping === '+' || /^[|>]\d?\+/.test(source);
  const blank = isKeeping ? '' : (/\n((?:[ \t]*\r?\n)*)$/.exec(source)?.[1] ?? '');
  const comment = headerComment(source);
  return { start, end, text: `${header}${comment}${eol}${body}${lastEnd}${blank}` };
}

/** Indentation of a block scalar's lines: how much longer its first line with content is than the decoded one. */
function blockIndent(source: string, decoded: string): number | undefined {
  const line = source
    .split(/\r?\n/)
    .slice(1)
    .find((item) => item.trim() !== '');
  const value = decoded.split('\n').find((item) => item.trim() !== '');
  if (line === undefined || value === undefined) return undefined;
  return line.length - line.trimStart().length - (value.length - value.trimStart().length);
}
