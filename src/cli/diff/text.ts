/** A comparison as people read it on a terminal. */
import { plural, printed } from '../../errors.ts';
import { inLines } from '../../foreign-text.ts';
import type { Entry } from '../../report/diff/group.ts';
import { hunksOf } from '../../report/diff/hunks.ts';
import { type Colors, NO_COLORS } from '../colors.ts';
import type { Comparison } from './compare.ts';
import { notesOf, overlayLine, summaryOf, whereOf } from './words.ts';

/** @param limit - in characters, colours not counted */
export function toText(
  comparison: Comparison,
  colors: Colors,
  limit = Number.POSITIVE_INFINITY,
): string {
  const parts = [`${printed(summaryOf(comparison))}\n`];
  for (const one of comparison.overlays) {
    const line = overlayLine(one);
    if (line !== undefined) parts.push(`${printed(line)}\n`);
  }
  let room = limit - parts.join('').length;
  let left = 0;
  for (const entry of comparison.entries) {
    const part = formatEntry(entry, NO_COLORS);
    if (part.length > room) left += 1;
    else {
      room -= part.length;
      parts.push(formatEntry(entry, colors));
    }
  }
  if (left > 0) parts.push(`\n${plural(left, 'change')} more, beyond --limit\n`);
  return parts.join('');
}

/** What changes in one resource, with an empty line before it. */
export function formatEntry(entry: Entry, colors: Colors): string {
  const title = printed(`${entry.label}: ${entry.state} in ${whereOf(entry)}`);
  const notes = notesOf(entry).map((note) => `${colors.dim(printed(`(${note})`))}\n`);
  const hunks = hunksOf(entry).flatMap(({ path, lines }) => [
    ...(path === '' ? [] : [`${colors.cyan(printed(`@@ ${path} @@`))}\n`]),
    ...lines.map((line) => `${painted(inLines(line), colors)}\n`),
  ]);
  return [`\n${colors.bold(title)}\n`, ...notes, ...hunks].join('');
}

function painted(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  return line.startsWith('-') ? colors.red(line) : line;
}
