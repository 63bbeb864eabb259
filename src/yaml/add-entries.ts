/** New pairs in a map, and new items in a list, of which some entries are kept. */
import { getIn, type Json } from './json.ts';
import {
  beginOf,
  type Entry,
  endOf,
  endsInBlockScalar,
  endsKeepingLines,
  entryAt,
  entryEnd,
  entryStart,
  isFlow,
  startOf,
} from './nodes.ts';
import { type Language, printBlock, printFlow } from './print.ts';
import type { Slot } from './shape.ts';
import {
  columnOf,
  isDeepCommentNext,
  lineEnd,
  lineEndOf,
  lineStart,
  nextLine,
  type Splice,
  skipBlankLines,
  trimLineEnds,
} from './text-edit.ts';
import { isMap, type YAMLMap, type YAMLSeq } from './yaml.ts';

/** New entries that follow each other. */
interface Run {
  /** Each as a map of one pair, or as a list of one item. */
  entries: (Json[] | { [key: string]: Json })[];
  /** The kept entry before them. */
  before: Slot | undefined;
  /** The kept entry after them; only a list has one. */
  after: Entry | undefined;
}

/**
 * The splices that add the new entries of a collection.
 * @param wanted - what the collection is to hold
 */
export function addEntries(
  text: string,
  container: YAMLMap | YAMLSeq,
  slots: readonly Slot[],
  wanted: Json,
  language: Language,
): Splice[] {
  const inFlow = language === 'json' || isFlow(container);
  return runsOf(container, slots, wanted).flatMap((run) => {
    if (inFlow) return addInFlow(text, container, run, language);
    return run.after ? insertItems(text, run, run.after) : appendLines(text, container, run);
  });
}

function runsOf(container: YAMLMap | YAMLSeq, slots: readonly Slot[], wanted: Json): Run[] {
  const runs: Run[] = [];
  for (const [index, { key = '', entry }] of slots.entries()) {
    if (entry) continue;
    const isNext = index > 0 && slots[index - 1]?.entry === undefined;
    if (!isNext) {
      const after = slots.slice(index).find((slot) => slot.entry)?.entry;
      runs.push({ entries: [], before: slots[index - 1], after });
    }
    const value = getIn(wanted, [isMap(container) ? key : index]) as Json;
    runs.at(-1)?.entries.push(isMap(container) ? { [key]: value } : [value]);
  }
  return runs;
}

/** Before an item, and before the comment above that is about it. */
function insertItems(text: string, { entries }: Run, after: Entry): Splice[] {
  const dash = beginOf(after);
  const column = columnOf(text, dash);
  const eol = lineEndOf(text);
  const isFirstOnLine = text.slice(lineStart(text, dash), dash).trim() === '';
  const start = isFirstOnLine ? startOfComments(text, dash) : dash;
  const items = printBlock(entries.flat(), column, eol);
  return [{ start, end: start, text: `${items}${eol}${' '.repeat(column)}` }];
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

/** After the last entry that is kept. */
function appendLines(
  text: string,
  container: YAMLMap | YAMLSeq,
  { entries, before }: Run,
): Splice[] {
  const last = before?.entry as Entry;
  const column = columnOf(text, beginOf(entryAt(container, 0)));
  const eol = lineEndOf(text);
  const ends = container.items
    .slice(last.index)
    .map((_, index) => trimLineEnds(text, entryEnd(entryAt(container, last.index + index))));
  // Comments of entries that go stay. A text without a line end at its end stays one.
  const isCommentNext = ends.some((end) => isDeepCommentNext(text, end, column));
  const isFollowed = isCommentNext || !text.endsWith('\n');
  const values = isMap(container) ? Object.assign({}, ...entries) : entries.flat();
  const lines = ' '.repeat(column) + printBlock(values, column, eol, isFollowed);
  // Blank lines are part of a scalar that keeps them, and of the place of one that is written anew.
  const isChanged = before?.isSet || before?.inner;
  const takesLines = endsKeepingLines(last.value) || (isChanged && endsInBlockScalar(last.value));
  const start = takesLines
    ? skipBlankLines(text, entryEnd(last))
    : nextLine(text, ends[0] as number);
  const added = text[start - 1] === '\n' ? lines + eol : eol + lines;
  return [{ start, end: start, text: added }];
}

function addInFlow(
  text: string,
  container: YAMLMap | YAMLSeq,
  { entries, before, after }: Run,
  language: Language,
): Splice[] {
  const printed = entries.map((entry) => printFlow(entry, language).slice(1, -1));
  const neighbour = (after ?? before?.entry) as Entry;
  const begin = entryStart(neighbour);
  // A pair that is an item of a flow list stands there without braces.
  if (isMap(container) && text[startOf(container)] !== '{') {
    const end = endOf(container);
    return [
      { start: begin, end: begin, text: '{' },
      { start: end, end, text: `, ${printed.join(', ')}}` },
    ];
  }
  const leading = text.slice(lineStart(text, begin), begin);
  const newLine = leading.trim() === '' ? lineEndOf(text) + leading : undefined;
  const separator = `,${newLine ?? ' '}`;
  if (after) return [{ start: begin, end: begin, text: printed.join(separator) + separator }];
  const end = entryEnd(neighbour);
  const rest = text.slice(end, lineEnd(text, end));
  const comment = /^[ \t]*(,?)[ \t]*#/.exec(rest);
  if (!comment) return [{ start: end, end, text: separator + printed.join(separator) }];
  // The comment is about the entry before it. A comma that is there already is followed by another one.
  const at = end + rest.length;
  const indent = newLine ?? lineEndOf(text) + /^\s*/.exec(leading)?.[0];
  const added = { start: at, end: at, text: indent + printed.join(`,${indent}`) };
  if (comment[1]) return [{ ...added, text: `${added.text},` }];
  return [{ start: end, end, text: ',' }, added];
}
