/** A comparison for a comment on a pull request: a table of everything, then the lines of each, folded. */
import { plural, printed } from '../../errors.ts';
import { inLines } from '../../foreign-text.ts';
import type { Entry } from '../../report/diff/group.ts';
import { hunksOf } from '../../report/diff/hunks.ts';
import { escapeMarkup } from '../../report/markup.ts';
import { cell, code, escapeMarkdown } from '../markdown.ts';
import type { Comparison } from './compare.ts';
import { notesOf, overlayLine, summaryOf, whereOf } from './words.ts';

/** What a comment on GitHub may have, in characters. */
const LONGEST_COMMENT = 65_536;

/** For the lines that say what is left out. */
const RESERVE = 300;

/** @param limit - in characters */
export function toMarkdown(comparison: Comparison, limit = LONGEST_COMMENT): string {
  const { overlays, entries, noun = 'overlay' } = comparison;
  const parts = [`### ${escapeMarkdown(printed(summaryOf(comparison)))}\n`];
  let room = limit - RESERVE - (parts[0]?.length ?? 0);
  const add = (part: string) => {
    const fits = part.length <= room;
    if (fits) {
      parts.push(part);
      room -= part.length;
    }
    return fits;
  };
  const rows = [
    ...overlays.flatMap((one) => {
      const line = overlayLine(one);
      const sign = one.state === 'failed' ? '**not built**' : one.state;
      return line === undefined ? [] : [`| ${sign} | ${cell(line)} | ${code(one.overlay)} |\n`];
    }),
    ...entries.map(
      (entry) => `| ${entry.state} | ${code(entry.label)} | ${cell(whereOf(entry, noun))} |\n`,
    ),
  ];
  if (rows.length > 0) add('\n| | What | Where |\n| --- | --- | --- |\n');
  const rowsLeft = rows.filter((row) => !add(row)).length;
  const entriesLeft = entries.filter((entry) => !add(detailsOf(entry, noun))).length;
  const left = [
    ...(rowsLeft > 0 ? [plural(rowsLeft, 'row')] : []),
    ...(entriesLeft > 0 ? [`the lines of ${plural(entriesLeft, 'change')}`] : []),
  ].join(' and ');
  if (left !== '')
    parts.push(
      `\nNot shown, because a comment has ${limit} characters: ${left}. \`ma-overlays diff\` without \`--limit\` and \`--format\` shows all.\n`,
    );
  return parts.join('');
}

function detailsOf(entry: Entry, noun: string): string {
  const hunks = hunksOf(entry).flatMap(({ path, lines }) => [
    ...(path === '' ? [] : [printed(`@@ ${path} @@`)]),
    ...lines.map(inLines),
  ]);
  const text = hunks.join('\n');
  // Longer than any in the text, and so the end of none.
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  const where = entry.overlays.length === 1 ? '' : `, in ${plural(entry.overlays.length, noun)}`;
  return [
    `\n<details><summary>${entry.state}: <code>${escapeMarkup(printed(entry.label))}</code>${where}</summary>\n`,
    ...notesOf(entry).map((note) => `\n${escapeMarkdown(printed(note))}\n`),
    ...(text === '' ? [] : [`\n${fence}diff\n${text}\n${fence}\n`]),
    '\n</details>\n',
  ].join('');
}
