/** An entry that goes, out of several: the last one leaves an empty collection, which is a new value. */

import { endsInBlockScalar, endsKeepingLines } from './add-entry.ts';
import { dashOf, type Entry, entryAt, entryEnd, entryStart, isFlow } from './nodes.ts';
import { lineEnd, lineStart, nextLine, type Splice, trimLineEnds } from './text-edit.ts';
import { isSeq, type YAMLSeq } from './yaml.ts';

/** The splices that remove one entry of several. Comments on lines of their own stay. */
export function removeEntry(text: string, entry: Entry): Splice[] {
  return isFlow(entry.container) ? removeFromFlow(text, entry) : [removeFromBlock(text, entry)];
}

function removeFromFlow(text: string, entry: Entry): Splice[] {
  const { container, index } = entry;
  const isLast = index === container.items.length - 1;
  const start = isLast ? entryEnd(entryAt(container, index - 1)) : entryStart(entry);
  const end = isLast ? entryEnd(entry) : entryStart(entryAt(container, index + 1));
  const own = { start: entryStart(entry), end: entryEnd(entry), text: '' };
  const between = isLast ? text.slice(start, own.start) : text.slice(own.end, end);
  if (!/[ \t\r\n]#/.test(between)) return [{ start, end, text: '' }];
  // The comments stay, and with a last entry the comma before them; the comma after the entry goes.
  const rest = text.slice(own.end);
  const comma = /^(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*[ \t]*,/.exec(rest)?.[0].length;
  return comma === undefined
    ? [own]
    : [own, { start: own.end + comma - 1, end: own.end + comma, text: '' }];
}

function removeFromBlock(text: string, entry: Entry): Splice {
  const { container, index } = entry;
  const beginOf = (at: number) =>
    isSeq(container) ? dashOf(container as YAMLSeq, at) : entryStart(entryAt(container, at));
  const begin = beginOf(index);
  const line = lineStart(text, begin);
  const lastLine = lineEnd(text, trimLineEnds(text, entryEnd(entry)));
  if (text.slice(line, begin).trim() !== '') {
    // The first entry of a collection that begins on the line of a dash: the next takes its place, after comments of its own.
    const next = beginOf(index + 1);
    const hasComment = /\S/.test(text.slice(lastLine, next));
    const lead = text.slice(line, begin);
    const trimmed = begin - (lead.length - lead.trimEnd().length);
    return hasComment
      ? { start: trimmed, end: lastLine, text: '' }
      : { start: begin, end: next, text: '' };
  }
  const before = index > 0 ? entryAt(container, index - 1).value : null;
  let end = endsKeepingLines(entry.value) ? entryEnd(entry) : nextLine(text, lastLine);
  // Comments deeper than the entry belong to it; a block scalar before it would take them, and blank lines, for its own.
  if (endsInBlockScalar(before)) end += deeperComments(text.slice(end), begin - line).length;
  if (endsKeepingLines(before)) end += /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  // A text without a line end at its end stays one, unless a block scalar needs it.
  const isAtEnd = end === text.length && !text.endsWith('\n') && !endsInBlockScalar(before);
  return { start: isAtEnd ? trimLineEnds(text, line) : line, end, text: '' };
}

function deeperComments(text: string, column: number): string {
  const lines = new RegExp(
    `^(?:(?:[ \\t]*\\r?\\n)*[ ]{${column + 1},}[ \\t]*#[^\\r\\n]*(?:\\r?\\n|$))*`,
  );
  return lines.exec(text)?.[0] ?? '';
}
