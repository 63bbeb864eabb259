/** Lines that fit a screen. Characters count as one column each. */
import type { Writable } from 'node:stream';

/** Columns of a terminal that is not too narrow to be one; nothing where a stream leads somewhere else. */
export function widthOf(stream: Writable): { width?: number } {
  const { columns } = stream as { columns?: number };
  return columns !== undefined && columns >= 40 ? { width: columns } : {};
}

/** Without its end, `…` in its place. */
export function cutEnd(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Without its middle: what a path begins and ends with says where it is. */
export function cutMiddle(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const end = Math.floor(width * 0.6);
  return `${characters.slice(0, width - 1 - end).join('')}…${characters.slice(-end).join('')}`;
}

/** How many rows of a screen a line takes. */
export function rowsOf(line: string, width: number): number {
  return Math.max(1, Math.ceil([...line].length / width));
}
