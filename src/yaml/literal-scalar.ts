/** Literal blocks (`|`): how a change of the decoded text is a change of the indented lines. */
import { applySplices, type Splice } from './text-edit.ts';

/** A decoded line, where it stands in the source. */
interface Line {
  /** Position of the line in the decoded text. */
  decoded: number;
  /** Where the source line begins, and where its content does: after the indentation. */
  start: number;
  content: number;
}

/**
 * Splices of a literal block's source, header included, for splices of its decoded text. Undefined where the block's header could
 * not say what the new text needs: how it ends, or that its first line begins with a space.
 */
export function spliceLiteral(
  source: string,
  decoded: string,
  inner: readonly Splice[],
  eol: string,
): Splice[] | undefined {
  const block = readBlock(source, decoded);
  if (!block || !fits(source, block.indent, decoded, applySplices(decoded, inner)))
    return undefined;
  return inner.map((splice) => spliceLines(block, decoded, splice, eol));
}

interface Block {
  indent: number;
  lines: Line[];
}

function readBlock(source: string, decoded: string): Block | undefined {
  const header = source.indexOf('\n') + 1;
  if (header === 0) return undefined;
  const values = decoded.split('\n');
  const sources = source
    .slice(header)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  const first = values.findIndex((line) => line !== '');
  const indent = (sources[first]?.length ?? 0) - (values[first]?.length ?? 0);
  if (first < 0 || indent < 0) return undefined;
  const lines: Line[] = [];
  let start = header;
  let position = 0;
  for (const [index, value] of values.entries()) {
    const written = sources[index];
    const isEnd = index === values.length - 1 && value === '';
    if (written === undefined || (!isEnd && written.slice(indent) !== value)) return undefined;
    const content = isEnd ? start : start + Math.min(indent, written.length);
    lines.push({ decoded: position, start, content });
    position += value.length + 1;
    start = source.indexOf('\n', start) + 1;
    if (start === 0) start = source.length;
  }
  return { indent, lines };
}

/** Whether the block's header is right for another text. */
function fits(source: string, indent: number, before: string, text: string): boolean {
  const header = /^\|([^\s]*)/.exec(source)?.[1] ?? '';
  const first = text.split('\n').find((line) => line !== '');
  if (first === undefined) return false;
  // Without a number the first line with content shows the indentation, and blank lines before it may not be longer.
  if (!/\d/.test(header) && (first.startsWith(' ') || text.startsWith('\n'))) return false;
  if (header.includes('-')) return !text.endsWith('\n');
  if (!source.endsWith('\n')) return false;
  const ends = /\n*$/.exec(text)?.[0].length ?? 0;
  if (!header.includes('+')) return ends === 1;
  return ends > 0 && ends === /\n*$/.exec(before)?.[0].length && indent >= 0;
}

function spliceLines(
  { indent, lines }: Block,
  decoded: string,
  splice: Splice,
  eol: string,
): Splice {
  const from = lineAt(lines, splice.start);
  const to = lineAt(lines, splice.end);
  const margin = ' '.repeat(indent);
  const indented = splice.text
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : margin + line))
    .join(eol);
  const place = (line: Line, position: number) => line.content + position - line.decoded;
  const startsLine = splice.start === from.decoded;
  const endsLine =
    splice.end === to.decoded && (splice.text === '' ? startsLine : splice.text.endsWith('\n'));
  // What follows a line end keeps its own indentation.
  const end = endsLine ? to.start : place(to, splice.end);
  if (startsLine && endsLine) {
    const lead = /^[^\n]/.test(splice.text) ? margin : '';
    return { start: from.start, end, text: lead + indented };
  }
  // A blank line may be shorter than the indentation of what comes to stand on it.
  const isBlank = startsLine && /^(?:\n|$)/.test(decoded.slice(splice.end));
  const missing = isBlank && /^[^\n]/.test(splice.text) ? indent - (from.content - from.start) : 0;
  const text = ' '.repeat(Math.max(0, missing)) + indented;
  return { start: place(from, splice.start), end, text };
}

/** The line that holds a decoded position. */
function lineAt(lines: readonly Line[], position: number): Line {
  const line = lines.findLast(({ decoded }) => decoded <= position);
  if (!line) throw new Error('a position lies outside of a scalar');
  return line;
}
