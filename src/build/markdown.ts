/** Pieces of Markdown that several pages are made of. */

/**
 * A table, with a line feed at its end.
 * @param head - as it is written: `code | meaning`
 */
export function table(head: string, rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => text.replaceAll('\n', ' ').replaceAll('|', '\\|');
  const lines = rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return `| ${head} |\n|${'---|'.repeat(head.split('|').length)}\n${lines.join('\n')}\n`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
