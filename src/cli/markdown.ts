/** Text of others in GitHub's and GitLab's Markdown. */
import { printed, shorten } from '../errors.ts';

/** Characters of a cell: what is longer is read in another format. */
const LONGEST_CELL = 600;

/** A cell of a table. */
export function cell(text: string): string {
  return escapeMarkdown(shorten(printed(text), LONGEST_CELL));
}

/** In a code span nothing means anything but the bar of a table. */
export function code(text: string): string {
  return `\`${shorten(printed(text), LONGEST_CELL).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** What stands between backticks stays code; the rest is shown as it is, and calls nobody. */
export function escapeMarkdown(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, index) =>
      index % 2 === 1
        ? code(part.slice(1, -1))
        : part
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
            .replaceAll('@', '@<!-- -->')
            .replaceAll('://', ':<!-- -->//'),
    )
    .join('');
}
