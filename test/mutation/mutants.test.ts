/** What the mutation run changes, and that it changes one thing at a time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith } from '../support/temporary.ts';
import { parsed } from './copy.ts';
import { instrument } from './instrument.ts';

const TEXT = `
import { a } from './a.ts';
type Kind = 'one' | 'two';
export function f(x: Kind | undefined, list: string[]): string[] {
  if (x === undefined || list.length < 2) return [];
  [x] = list;
  const rest = list.filter((y) => !y.startsWith('s'));
  return x?.trim() ? [...rest, a ?? \`\${x}!\`] : rest;
}
`;
const [file] = parsed(folderWith({ 'src/f.ts': TEXT }), ['src']);
const mutants = file?.found ?? [];

test('each change is named with its text; types and imports stay', () => {
  assert.equal(
    mutants.map(({ line, what, from, to }) => `${line} ${what}: ${from} -> ${to}`),
    [
      '5 condition to false: x === undefined || list.length < 2 -> false',
      '5 condition to true: x === undefined || list.length < 2 -> true',
      '5 || to &&: x === undefined || list.length < 2 -> (x === undefined) && (list.length < 2)',
      '5 === to !==: x === undefined -> (x) !== (undefined)',
      '5 < to <=: list.length < 2 -> (list.length) <= (2)',
      '6 statement left out: [x] = list; -> ',
      "7 filter left out: list.filter((y) => !y.startsWith('s')) -> list",
      "7 ! left out: !y.startsWith('s') -> !!y.startsWith('s')",
      "7 startsWith to endsWith: y.startsWith('s') -> y.endsWith('s')",
      "7 string emptied: 's' -> ''",
      '8 condition to false: x?.trim() -> false',
      '8 condition to true: x?.trim() -> true',
      '8 ?. left out: x?.trim() -> x.trim()',
      '8 array emptied: [...rest, a ?? `${x}!`] -> []',
      '8 last element left out: [...rest, a ?? `${x}!`] -> [...rest]',
      '8 ?? left out: a ?? `${x}!` -> a',
      "8 string emptied: `${x}!` -> ''",
    ],
  );
});

test('one text has all of them, switched by number', () => {
  const text = "export const say = (x) => (x > 1 ? ['a'] : 'b');";
  const [found] = parsed(folderWith({ 'src/say.ts': text }), ['src']);
  const on = (number: number) => `globalThis.__mutant?.(${number})`;
  const condition = `(${on(7)} ? (false) : ((${on(8)} ? (true) : ((${on(9)} ? ((x) >= (1)) : (x > 1))))))`;
  const list = `(${on(10)} ? ([]) : ([(${on(11)} ? ('') : ('a'))]))`;
  assert.is(
    instrument(text, found?.found ?? [], 7),
    `export const say = (x) => (${condition} ? ${list} : (${on(12)} ? ('') : ('b')));`,
  );
});

test.run();
