/** GitHub's and GitLab's Markdown, for a comment on a pull request. */
import type { Finding } from '../../checks/check.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { fileOf, placeOf, plural, printed } from '../../errors.ts';
import { cell, code, escapeMarkdown } from '../markdown.ts';
import { groupsOf, type Outcome, summaryOf } from './outcome.ts';

/** A comment has 65,536 characters on GitHub. */
const LONGEST = 60_000;

/** A heading with the counts, then a table for each input; rows that a comment has no room for are counted. */
export function toMarkdown(outcomes: readonly Outcome[]): string {
  const parts = [`### ${escapeMarkdown(printed(summaryOf(outcomes)))}\n`];
  let room = LONGEST;
  let left = 0;
  const add = (part: string) => {
    const fits = part.length <= room;
    if (fits) parts.push(part);
    room -= part.length;
    return fits;
  };
  for (const { input, result, checklist } of outcomes) {
    const findings = groupsOf(result.findings).flatMap((group) => group.findings);
    const items = checklist ?? [];
    if (outcomes.length > 1 && findings.length + items.length > 0)
      add(`\n#### ${escapeMarkdown(printed(input.name))}\n`);
    if (findings.length > 0) add('\n| | What | Where | Fix |\n| --- | --- | --- | --- |\n');
    for (const found of findings) if (!add(rowOf(found))) left += 1;
    if (items.length > 0) add('\n| | Checklist | |\n| --- | --- | --- |\n');
    for (const item of items) if (!add(rowOfItem(item))) left += 1;
  }
  if (left > 0) parts.push(`\n${plural(left, 'row')} more: \`--format json\` has them all.\n`);
  return parts.join('');
}

function rowOf(found: Finding): string {
  const sign = found.severity === 'error' ? '**error**' : 'warning';
  const place = [fileOf(found), placeOf(found)].filter(Boolean).join(', ');
  const what = `${cell(found.message)}<br>${code(found.code)}`;
  return `| ${sign} | ${what} | ${place && code(place)} | ${cell(found.fix)} |\n`;
}

function rowOfItem({ number, item, state, because }: ChecklistLine): string {
  return `| ${number} | ${cell(item)} | ${state}: ${cell(because)} |\n`;
}
