/** Changes as people read them on a terminal. */
import { plural, printed, resourceLabel } from '../errors.ts';
import { inLines } from '../foreign-text.ts';
import {
  type Change,
  type Changes,
  countChanges,
  headingOf,
  valueText,
} from '../report/changes.ts';
import type { ManifestDiff } from '../report/manifest-diff.ts';
import type { Json } from '../yaml/json.ts';
import type { Colors } from './colors.ts';

/** Every change below the resource that it is in. */
export function formatChanges(changes: Changes, colors: Colors): string {
  const parts: string[] = [];
  let heading = '';
  for (const change of changes.changed) {
    const own = headingOf(change);
    if (own !== heading) parts.push(`\n${colors.bold(printed(own))}\n`);
    heading = own;
    parts.push(formatChange(change, colors));
  }
  for (const [list, word, sign, color] of [
    [changes.added, 'Added', '+', colors.green],
    [changes.removed, 'Removed', '-', colors.red],
  ] as const) {
    if (list.length > 0) parts.push(`\n${colors.bold(word)}\n`);
    for (const { resource, field } of list)
      parts.push(
        `  ${color(`${sign} ${printed(resourceLabel(resource))}`)}  ${reason(field, colors)}\n`,
      );
  }
  return parts.join('');
}

/** `20 changes in 5 resources, 1 resource added`. */
export function summarize(changes: Changes): string {
  if (countChanges(changes) === 0) return 'no changes';
  const { changed, added, removed } = changes;
  const resources = new Set(changed.map(({ resource }) => resourceLabel(resource))).size;
  return [
    changed.length > 0 && `${plural(changed.length, 'change')} in ${plural(resources, 'resource')}`,
    added.length > 0 && `${plural(added.length, 'resource')} added`,
    removed.length > 0 && `${plural(removed.length, 'resource')} removed`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** A unified diff with its lines in the usual colours. */
export function formatDiff({ text }: ManifestDiff, colors: Colors): string {
  const lines = inLines(text)
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return colors.bold(line);
      if (line.startsWith('@@')) return colors.cyan(line);
      if (line.startsWith('+')) return colors.green(line);
      return line.startsWith('-') ? colors.red(line) : line;
    });
  return lines.join('\n');
}

function formatChange(change: Change, colors: Colors): string {
  return [
    `  ${printed(change.path)}  ${reason(change.field, colors, change.follows)}\n`,
    ...valueLines(change.old).map((line) => `    ${colors.red(`- ${line}`)}\n`),
    ...valueLines(change.new).map((line) => `    ${colors.green(`+ ${line}`)}\n`),
  ].join('');
}

function reason(field: string, colors: Colors, follows?: string): string {
  const followed = follows === undefined ? '' : `, follows ${follows}`;
  return colors.dim(printed(`(from ${field}${followed})`));
}

function valueLines(value: Json | undefined): string[] {
  return value === undefined ? [] : inLines(valueText(value)).split('\n');
}
