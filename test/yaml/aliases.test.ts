/** Aliases cost what comes of them, and are refused by that. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carryOut } from '../../src/yaml/carry-out.ts';
import { getIn } from '../../src/yaml/json.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

const found = (text: string) => {
  const [problem] = parseYaml(text).problems;
  return problem && `${problem.line}:${problem.column} ${problem.what}`;
};

test('many aliases of one anchor, and of many, are read and edited', () => {
  const texts = {
    one: `d: &d {a: 1}\nr:\n${lines(4000, () => '  - *d')}`,
    merged: `d: &d {a: 1}\nr:\n${lines(2000, (index) => `  - {<<: *d, b: ${index}}`)}`,
    many: `d: {a: 1}\nr:\n${lines(2000, (index) => `  - &x${index} {a: 1}\n  - *x${index}`)}`,
  };
  for (const text of Object.values(texts)) {
    const parsed = parseYaml(text);
    assert.is(getIn(parsed.json, ['r', 1900, 'a']), 1);
    const operation = { op: 'replace', path: '/r/1900/a', value: 2 } as const;
    const { json } = carryOut(parsed, [operation], 'yaml', parseYaml);
    assert.is(getIn(json, ['r', 1900, 'a']), 2);
    assert.is(getIn(json, ['r', 1899, 'a']), 1);
  }
});

test('aliases that multiply are refused, and not written out before', () => {
  const level = (index: number) =>
    `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`)}]`;
  const what = 'aliases that stand for too much: more than 400,000 values';
  assert.is(found(`a0: &a0 [x]\n${lines(20, level)}`), `2:10 ${what}`);
  const merges = (index: number) => `a${index + 1}: &a${index + 1} {<<: *a${index}, x: *a${index}}`;
  assert.is(found(`a0: &a0 {y: 1}\n${lines(30, merges)}`), `2:14 ${what}`);
  assert.is(found(`a0: &a0 [x]\n${lines(5, level)}`), undefined);
});

test('an alias that leads nowhere, or to itself, has its place', () => {
  assert.is(found('a: 1\nb: [*c]\n'), '2:5 an alias without its anchor');
  assert.is(found('a: *b\nb: &b 1\n'), '1:4 an alias without its anchor');
  assert.is(found('a: &a [*a]\n'), '1:8 an alias that contains itself');
  assert.is(found('a: &a {<<: *a}\n'), '1:12 an alias that contains itself');
});

test('an anchor that is set again is another one from there on', () => {
  assert.equal(parseYaml('- &a 1\n- *a\n- &a 2\n- *a\n').json, [1, 1, 2, 2]);
});

test.run();
