/** Small helpers for messages about values of a config. */
import { type Problem, printable, shorten } from '../errors.ts';
import { asText, isObject } from '../yaml/json.ts';

/** A problem of the config before the object that it is in is known; all of them are errors. */
export type ConfigProblem = Omit<Problem, 'resource' | 'severity'> & { path: string };

/** A value as a message shows it: texts in double quotes, scalars as they are, lists and maps by their kind only. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (value === undefined || value === null) return 'nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return shorten(asText(value));
}

/** The same in backticks. */
export function code(text: string): string {
  return `\`${printable(text)}\``;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[], last = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** How many letters have to be put in, taken out, replaced or swapped with the next to get from one word to the other. */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? replaced) + 1 : replaced;
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return row[right.length] as number;
}

/** The candidate that a word was probably meant to be, or undefined where none is near. Case does not count. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 60) return undefined;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(plain(word), plain(candidate)) }))
    .sort((left, right) => left.distance - right.distance);
  const isNear = best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3));
  return isNear ? best.candidate : undefined;
}
