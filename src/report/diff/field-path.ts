/**
 * Where in a manifest a line stands, told by indentation alone, so that a document inside a ConfigMap is read like the manifest around
 * it: `spec.template.spec.containers[worker].env[LOG_LEVEL].value`. For people, and to tell two places with equal lines apart.
 */

import type { Block } from '../text-diff.ts';

/** A line, taken apart. */
interface Line {
  /** Columns of the `- ` that it begins with. */
  items: readonly number[];
  /** Where what follows them begins. */
  column: number;
  key: string | undefined;
  /** What stands behind the key. */
  value: string;
}

const KEY =
  /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#{}[\],&*!|>%@`-][^:#]*?|-?[\w./-]+)\s*:(?:\s+(.*))?$/;

/** Items of a list are called by these, the first that is there. */
const NAMES = ['name', 'host', 'path', 'key', 'kind'];

const LONGEST_NAME = 60;

/** A text that lines stand in, and their indexes. */
type LinesOf = readonly [lines: readonly string[], indexes: readonly number[]];

/** Where the lines of a block stand, in both texts. */
export function linesOf(
  { oldStart, newStart, removed, added }: Block,
  old: readonly string[],
  now: readonly string[],
): LinesOf[] {
  const indexes = (start: number, { length }: readonly string[]) =>
    Array.from({ length }, (_, at) => start + at);
  const texts: LinesOf[] = [
    [old, indexes(oldStart, removed)],
    [now, indexes(newStart, added)],
  ];
  return texts.filter(([, { length }]) => length > 0);
}

/** The innermost place that all of the lines stand in. */
export function commonPath(texts: readonly LinesOf[]): string {
  const places = texts.flatMap(([lines, indexes]) =>
    // Between the first and the last one there is nothing that stands elsewhere.
    [...new Set([indexes.at(0), indexes.at(-1)])].map((index = 0) => placeOf(lines, index)),
  );
  const [first = [], ...others] = places;
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (end < 0 ? first : first.slice(0, end)).join('').replace(/^\./, '');
}

/** The steps down to a line: `.spec`, `[worker]`. */
function placeOf(lines: readonly string[], index: number): string[] {
  const parts: string[] = [];
  let limit = Number.POSITIVE_INFINITY;
  // The key of a list may stand in the column of its items.
  let isInItem = false;
  for (let at = index; at >= 0 && (limit > 0 || isInItem); at -= 1) {
    const line = readLine(lines[at]);
    if (!line) continue;
    const { items, column, key } = line;
    const isAbove = column < limit || (isInItem && column === limit);
    if (key !== undefined && isAbove) {
      parts.unshift(stepOf(plainKey(key)));
      limit = column;
      isInItem = false;
    }
    // A line of text inside a block is where its indentation says.
    else if (at === index) limit = items.length > 0 ? column + 1 : column;
    for (const item of [...items].reverse())
      if (item < limit) {
        parts.unshift(`[${nameOfItem(lines, at, item)}]`);
        limit = item;
        isInItem = true;
      }
  }
  return parts;
}

/** As paths are written elsewhere: `data[base.yaml].worker`. */
function stepOf(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${key}]`;
}

function readLine(text = ''): Line | undefined {
  const dashes = /^\s*(?:-(?:\s+|$))*/.exec(text)?.[0] ?? '';
  const rest = text.slice(dashes.length);
  if (text.trim() === '' || (rest.startsWith('#') && !dashes.includes('-'))) return undefined;
  const items = [...dashes.matchAll(/-/g)].map(({ index }) => index);
  const [, key, value = ''] = KEY.exec(rest) ?? [];
  return { items, column: dashes.length, key, value };
}

/** Its name, or else its number. */
function nameOfItem(lines: readonly string[], start: number, column: number): string {
  const found = new Map<string, string>();
  let inside: number | undefined;
  for (let at = start; at < lines.length; at += 1) {
    const line = readLine(lines[at]);
    if (!line) continue;
    const begins = line.items.includes(column);
    if (at > start && (begins || (line.items[0] ?? line.column) <= column)) break;
    inside ??= line.items.find((item) => item > column) ?? line.column;
    if (line.key !== undefined && line.column === inside && line.value !== '')
      found.set(plainKey(line.key), line.value);
  }
  for (const name of NAMES) {
    const value = found.get(name);
    if (value !== undefined && !/^[|>{[&*]/.test(value))
      return plainKey(value).slice(0, LONGEST_NAME);
  }
  return String(itemsBefore(lines, start, column));
}

function itemsBefore(lines: readonly string[], start: number, column: number): number {
  let count = 0;
  for (let at = start - 1; at >= 0; at -= 1) {
    const line = readLine(lines[at]);
    if (!line) continue;
    if (line.items.includes(column)) count += 1;
    else if ((line.items[0] ?? line.column) <= column) break;
  }
  return count;
}

function plainKey(key: string): string {
  return key.replace(/^(["'])(.*)\1$/, '$2');
}
