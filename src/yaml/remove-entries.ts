/** Entries of a collection that go, while others are kept. Comments on lines of their own stay. */
import {
  beginOf,
  type Entry,
  endsInBlockScalar,
  endsKeepingLines,
  entryAt,
  entryEnd,
  entryStart,
  isFlow,
} from './nodes.ts';
import type { Slot } from './shape.ts';
import {
  applySplices,
  lineEnd,
  lineStart,
  nextLine,
  type Splice,
  skipBlankLines,
  trimLineEnds,
} from './text-edit.ts';
import type { YAMLMap, YAMLSeq } from './yaml.ts';

/**
 * The splices that remove the entries that no slot has.
 * @param others - the other changes of the collection
 */
export function removeEntries(
  text: string,
  container: YAMLMap | YAMLSeq,
  slots: readonly Slot[],
  others: readonly Splice[],
): Splice[] {
  const kept = new Set(slots.map(({ entry }) => entry?.index));
  const runs: Entry[][] = [];
  for (const index of container.items.keys()) {
    if (kept.has(index)) continue;
    if (index === 0 || kept.has(index - 1)) runs.push([]);
    runs.at(-1)?.push(entryAt(container, index));
  }
  return runs.flatMap((run) =>
    isFlow(container) ? removeFromFlow(text, run) : removeFromBlock(text, run, others),
  );
}

function entryBeside(entry: Entry | undefined, distance: -1 | 1): Entry | undefined {
  const index = (entry?.index ?? 0) + distance;
  return entry && index in entry.container.items ? entryAt(entry.container, index) : undefined;
}

function removeFromFlow(text: string, run: readonly Entry[]): Splice[] {
  const own = run.map((entry) => ({ start: entryStart(entry), end: entryEnd(entry), text: '' }));
  const next = entryBeside(run.at(-1), 1);
  const before = entryBeside(run[0], -1);
  const start = next || !before ? (own[0]?.start ?? 0) : entryEnd(before);
  const end = next ? entryStart(next) : (own.at(-1)?.end ?? 0);
  const moved = own.map((splice) => ({
    ...splice,
    start: splice.start - start,
    end: splice.end - start,
  }));
  const between = applySplices(text.slice(start, end), moved);
  if (!/[ \t\r\n]#/.test(between)) return [{ start, end, text: '' }];
  // The comments stay, and with a last entry the comma before them; the comma after an entry goes.
  return own.flatMap((splice) => {
    const rest = text.slice(splice.end);
    const comma = /^(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*[ \t]*,/.exec(rest)?.[0].length;
    if (comma === undefined) return [splice];
    return [splice, { start: splice.end + comma - 1, end: splice.end + comma, text: '' }];
  });
}

function removeFromBlock(text: string, run: readonly Entry[], others: readonly Splice[]): Splice[] {
  const before = entryBeside(run[0], -1)?.value ?? null;
  const next = entryBeside(run.at(-1), 1);
  const splices: Splice[] = [];
  for (const entry of run) {
    const begin = beginOf(entry);
    const line = lineStart(text, begin);
    const lead = text.slice(line, begin);
    if (lead.trim() !== '') {
      // The first entry of a collection that begins on the line of a dash: the next takes its place, after comments of its own.
      const followers = [...run.slice(1), ...(next ? [next] : [])];
      const gaps = run.map((gone, index) => {
        const follower = followers[index];
        return text.slice(lastLineOf(text, gone), follower && beginOf(follower));
      });
      if (next && !/\S/.test(gaps.join('')))
        return [{ start: begin, end: beginOf(next), text: '' }];
      splices.push({
        start: line + lead.trimEnd().length,
        end: lastLineOf(text, entry),
        text: '',
      });
      continue;
    }
    let end = endsKeepingLines(entry.value)
      ? entryEnd(entry)
      : nextLine(text, lastLineOf(text, entry));
    // Comments deeper than the entry belong to it; a block scalar before it would take them, and blank lines, for its own.
    if (endsInBlockScalar(before)) end += deeperComments(text.slice(end), begin - line).length;
    if (endsKeepingLines(before)) end = skipBlankLines(text, end);
    const last = splices.at(-1);
    if (last?.end === line) last.end = end;
    else splices.push({ start: line, end, text: '' });
  }
  // A text without a line end at its end stays one, unless a block scalar needs it, or something comes after it.
  const last = splices.at(-1) as Splice;
  if (last.end < text.length || text.endsWith('\n') || endsInBlockScalar(before)) return splices;
  let trimmed = trimLineEnds(text, last.start);
  // Blank lines between two entries that go have nothing left to stand between.
  const rest = splices.slice(0, -1);
  while ((rest.at(-1)?.end ?? -1) >= trimmed)
    trimmed = trimLineEnds(text, (rest.pop() as Splice).start);
  return others.every(({ end }) => end <= trimmed)
    ? [...rest, { ...last, start: trimmed }]
    : splices;
}

function lastLineOf(text: string, entry: Entry): number {
  return lineEnd(text, trimLineEnds(text, entryEnd(entry)));
}

function deeperComments(text: string, column: number): string {
  const lines = new RegExp(
    `^(?:(?:[ \\t]*\\r?\\n)*[ ]{${column + 1},}[ \\t]*#[^\\r\\n]*(?:\\r?\\n|$))*`,
  );
  return lines.exec(text)?.[0] ?? '';
}
