/** Scalars written anew, in the style that they have. */
import { remembered } from '../maps.ts';
import type { Json } from './json.ts';
import { ONE_LINE, printDoubleQuoted } from './plain.ts';
import { type Language, printScalar } from './print.ts';
import { lineEndOf, type Splice, skipBlankLines } from './text-edit.ts';
import { Scalar } from './yaml.ts';

/**
 * The splice that gives a scalar another value. In a literal block, which holds the document of a ConfigMap, every line that stays keeps
 * its bytes.
 * @param parentColumn - the column from which a block scalar's indentation counts
 */
export function replaceScalar(
  text: string,
  node: Scalar,
  value: Json,
  language: Language,
  inFlow: boolean,
  parentColumn: number,
): Splice {
  if (!node.range) throw new Error('a scalar has no place in the source');
  const [start, end] = node.range;
  const source = text.slice(start, end);
  if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) {
    const eol = lineEndOf(text);
    const isString = typeof value === 'string';
    const block =
      isString && printBlockScalar(source, String(node.value), value, parentColumn, eol);
    // A block that keeps its lines would take the blank ones that follow.
    if (block)
      return { start, end: /^\S*\+/.test(block) ? skipBlankLines(text, end) : end, text: block };
    const printed = isString ? printDoubleQuoted(value) : printScalar(value, language, inFlow);
    const lastEnd = source.endsWith('\n') ? eol : '';
    return { start, end, text: printed + headerComment(source) + lastEnd };
  }
  if (typeof value === 'string' && language === 'yaml') {
    if (node.type === Scalar.QUOTE_DOUBLE) return { start, end, text: printDoubleQuoted(value) };
    if (node.type === Scalar.QUOTE_SINGLE && ONE_LINE.test(value))
      return { start, end, text: `'${value.replaceAll("'", "''")}'` };
  }
  return { start, end, text: printScalar(value, language, inFlow) };
}

function headerComment(source: string): string {
  return /^[^\s]+([ \t]+#[^\r\n]*)/.exec(source)?.[1] ?? '';
}

/** What a block is not written with: control characters, and what a reader may take for a line end. */
const STRANGE =
  /[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A block scalar with another text; undefined where no block can hold it. */
function printBlockScalar(
  source: string,
  decoded: string,
  value: string,
  parentColumn: number,
  eol: string,
): string | undefined {
  const first = value.split('\n').find((line) => line !== '');
  const isClear = first && /^ *[^ \t]/.test(first) && !/\n[ \t]+\n*$/.test(value);
  // What the block has already it can hold.
  const isHeld = (value.match(STRANGE) ?? []).every((character) => decoded.includes(character));
  if (!isClear || !isHeld) return undefined;
  const indent = blockIndent(source, decoded) ?? parentColumn + 2;
  const isExplicit = first.startsWith(' ') || value.startsWith('\n') || parentColumn < 0;
  const width = indent - parentColumn;
  if (isExplicit && (width < 1 || width > 9)) return undefined;
  const chomping = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const isFolded = source.startsWith('>') && !value.trimEnd().includes('\n') && !isExplicit;
  const written = /^[^\s]*/.exec(source)?.[0] ?? '';
  const header = keepsHeader(written, decoded, value, isExplicit, width)
    ? written
    : `${isFolded ? '>' : '|'}${isExplicit ? width : ''}${chomping}`;
  const body = blockLines(source, value.replace(/\n$/, ''), indent).join(eol);
  const lastEnd = chomping !== '-' || source.endsWith('\n') ? eol : '';
  // Blank lines that were not part of the value stay behind it.
  const isKeeping = header.includes('+') || written.includes('+');
  const blank = isKeeping ? '' : (/\n((?:[ \t]*\r?\n)*)$/.exec(source)?.[1] ?? '');
  return `${header}${headerComment(source)}${eol}${body}${lastEnd}${blank}`;
}

/** Whether the header of a literal block says of a new text what it has to: how it ends, and how far it is indented. */
function keepsHeader(
  header: string,
  decoded: string,
  value: string,
  isExplicit: boolean,
  width: number,
): boolean {
  const said = /\d/.exec(header)?.[0];
  const isIndented = said === undefined ? !isExplicit : Number(said) === width;
  if (!header.startsWith('|') || !isIndented) return false;
  const ends = /\n*$/.exec(value)?.[0].length ?? 0;
  if (header.includes('-')) return ends === 0;
  return header.includes('+') ? ends > 0 && ends === /\n*$/.exec(decoded)?.[0].length : ends === 1;
}

/** The lines of a block. Blank ones stand in the source with space of their own, as long as the lines around them are found there. */
function blockLines(source: string, value: string, indent: number): string[] {
  const written = source.split(/\r?\n/).slice(1);
  // Where each line stands, from the last on: what is before the line at hand is taken off the end.
  const places = new Map<string, number[]>();
  for (const [index, line] of [...written.entries()].reverse()) {
    const key = line.trim() === '' && line.length <= indent ? '' : line;
    remembered(places, key, () => []).push(index);
  }
  let next = 0;
  return value.split('\n').map((line) => {
    const printed = line === '' ? '' : ' '.repeat(indent) + line;
    const left = places.get(printed) ?? [];
    while (left.length > 0 && (left.at(-1) as number) < next) left.pop();
    const found = left.at(-1);
    if (found === undefined) return printed;
    next = found + 1;
    return written[found] ?? printed;
  });
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
