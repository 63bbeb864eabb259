/** A new pair in a map, or a new item in a list. */

import {
  contentEnd,
  dashOf,
  endOf,
  entryAt,
  entryEnd,
  entryStart,
  isFlow,
  startOf,
} from './nodes.ts';
import { type Language, printBlock, printFlow } from './print.ts';
import {
  columnOf,
  isDeepCommentNext,
  lineEnd,
  lineEndOf,
  lineStart,
  type Splice,
} from './text-edit.ts';
import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from './yaml.ts';

/** The splices that add an entry; an item goes before the one at the index, or to the end (`-`). */
export function addEntry(
  text: string,
  container: Node | null,
  key: string,
  value: unknown,
  language: Language,
): Splice[] {
  if (isMap(container)) {
    if (language === 'json' || isFlow(container)) {
      const pair = printFlow({ [key]: value }, language).slice(1, -1);
      return addInFlow(text, container, container.items.length, pair);
    }
    const column = columnOf(text, entryStart(entryAt(container, 0)));
    const isCommentNext = isDeepCommentNext(text, contentEnd(text, container), column);
    const pair = printBlock({ [key]: value }, column, lineEndOf(text), isCommentNext);
    return [appendLines(text, container, column, pair)];
  }
  if (!isSeq(container)) throw new Error('only maps and lists can be added to');
  const index = key === '-' ? container.items.length : Number(key);
  if (language === 'json' || isFlow(container))
    return addInFlow(text, container, index, printFlow(value, language));
  return [addItem(text, container, index, value)];
}

function addItem(text: string, container: YAMLSeq, index: number, value: unknown): Splice {
  const dash = dashOf(container, Math.min(index, container.items.length - 1));
  const column = columnOf(text, dash);
  const eol = lineEndOf(text);
  const item = printBlock([value], column, eol);
  if (index >= container.items.length) return appendLines(text, container, column, item);
  const start = isFirstOnLine(text, dash) ? startOfComments(text, dash) : dash;
  return { start, end: start, text: `${item}${eol}${' '.repeat(column)}` };
}

function isFirstOnLine(text: string, position: number): boolean {
  return text.slice(lineStart(text, position), position).trim() === '';
}

/** Where the comment begins that stands right above a position, in the same column: it is about what follows. */
function startOfComments(text: string, position: number): number {
  const column = columnOf(text, position);
  let start = position;
  for (;;) {
    const line = lineStart(text, start);
    if (!text.slice(0, line).includes('\n')) return start;
    const above = lineStart(text, line - 1);
    if (text[above + column] !== '#' || text.slice(above, above + column).trim() !== '')
      return start;
    start = above + column;
  }
}

/** New lines after the last one of a block collection. */
function appendLines(text: string, container: Node, column: number, lines: string): Splice {
  const eol = lineEndOf(text);
  const indented = ' '.repeat(column) + lines;
  if (endsKeepingLines(container)) {
    // Everything up to here belongs to the scalar: the new line can only come after it.
    const end = endOf(container);
    const isLineStart = text[end - 1] === '\n';
    return { start: end, end, text: isLineStart ? indented + eol : eol + indented };
  }
  const position = lineEnd(text, contentEnd(text, container));
  return { start: position, end: position, text: eol + indented };
}

/** Whether the last value in a block is a scalar such as `|+`, which keeps the blank lines that follow it. */
export function endsKeepingLines(node: Node | null): boolean {
  return blockHeader(node).includes('+');
}

/** Whether the last value in a block is a literal or folded scalar. */
export function endsInBlockScalar(node: Node | null): boolean {
  return blockHeader(node) !== '';
}

function blockHeader(node: Node | null): string {
  if (isScalar(node)) {
    const token = node.srcToken as { props?: { source: string }[] } | undefined;
    return token?.props?.find(({ source }) => /^[|>]/.test(source))?.source ?? '';
  }
  if ((!isMap(node) && !isSeq(node)) || isFlow(node) || node.items.length === 0) return '';
  return blockHeader(entryAt(node, node.items.length - 1).value);
}

function addInFlow(
  text: string,
  container: YAMLMap | YAMLSeq,
  index: number,
  printed: string,
): Splice[] {
  const start = startOf(container);
  const open = text[start];
  if (container.items.length === 0)
    return [{ start, end: endOf(container), text: `${open}${printed}${open === '{' ? '}' : ']'}` }];
  // A pair that is an item of a flow list stands there without braces.
  const isBare = isMap(container) && open !== '{';
  if (isBare) {
    const end = endOf(container);
    return [
      {
        start: entryStart(entryAt(container, 0)),
        end: entryStart(entryAt(container, 0)),
        text: '{',
      },
      { start: end, end, text: `, ${printed}}` },
    ];
  }
  const isAppended = index >= container.items.length;
  const neighbour = entryAt(container, isAppended ? container.items.length - 1 : index);
  const begin = entryStart(neighbour);
  const leading = text.slice(lineStart(text, begin), begin);
  const isOnOwnLine = leading.trim() === '';
  const newLine = lineEndOf(text) + leading;
  if (!isAppended)
    return [{ start: begin, end: begin, text: `${printed},${isOnOwnLine ? newLine : ' '}` }];
  const end = entryEnd(neighbour);
  const rest = text.slice(end, lineEnd(text, end));
  const comment = /^[ \t]*(,?)[ \t]*#/.exec(rest);
  if (comment) {
    // The comment is about the entry before it. A comma that is there already is followed by another one.
    const at = end + rest.length;
    const added = newLine.replace(/\S.*$/, '') + printed;
    if (comment[1]) return [{ start: at, end: at, text: `${added},` }];
    return [
      { start: end, end, text: ',' },
      { start: at, end: at, text: added },
    ];
  }
  return [{ start: end, end, text: (isOnOwnLine ? `,${newLine}` : ', ') + printed }];
}
