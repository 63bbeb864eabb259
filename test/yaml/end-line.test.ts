/** What is put behind a text without a line end at its end changes nothing that it says. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carryOut } from '../../src/yaml/carry-out.ts';
import { endLine } from '../../src/yaml/end-line.ts';
import { getIn } from '../../src/yaml/json.ts';
import type { Node } from '../../src/yaml/yaml.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

/** A text, what go-yaml reads of `a` in it, and the text with a line end. */
const texts: [text: string, value: string | null, ended: string][] = [
  ['a: |\n  x', 'x', 'a: |-\n  x\n'],
  ['a: |+\n  x', 'x', 'a: |-\n  x\n'],
  ['a: |-\n  x', 'x', 'a: |-\n  x\n'],
  ['a: >\n  x\n  y', 'x y', 'a: >-\n  x\n  y\n'],
  ['a: >+2 # c\n  x', 'x', 'a: >2- # c\n  x\n'],
  ['a: |\r\n  x', 'x', 'a: |-\r\n  x\r\n'],
  ['a: |\n  x\n    ', 'x\n  ', 'a: |-\n  x\n    \n'],
  ['a: |\n  x\n  ', 'x\n', 'a: |\n  x\n  \n'],
  ['a: |+\n  x\n\n ', 'x\n\n', 'a: |+\n  x\n\n'],
  ['a: |+\n  x\n  ', 'x\n', 'a: |+\n  x\n'],
  ['a: |+\n  ', '', 'a: |+\n'],
  ['a: |+\n\n  ', '\n', 'a: |+\n\n'],
  ['a: |', '', 'a: |\n'],
  ['a: |\n  x\n', 'x\n', 'a: |\n  x\n'],
  ['a: |+\n  x\r', 'x\n', 'a: |+\n  x\r'],
  ['a: |\n  x\n...', 'x\n', 'a: |\n  x\n...\n'],
  ['a: |+\n  x\n# c', 'x\n', 'a: |+\n  x\n# c\n'],
  ['a: "|\n  x"', '| x', 'a: "|\n  x"\n'],
  ['a: x', 'x', 'a: x\n'],
  ['a:', null, 'a:\n'],
];
for (const [text, value, ended] of texts) {
  test(`${JSON.stringify(text)} is read as Kubernetes reads it, and ends in the same value`, () => {
    const { json, document } = parseYaml(text);
    assert.is(getIn(json, ['a']), value);
    assert.is(endLine(text, document.contents as Node), ended);
    assert.is(getIn(parseYaml(`${ended}---\n`.slice(0, -4)).json, ['a']), value);
  });

  test(`${JSON.stringify(text)} keeps its value when a key comes behind it`, () => {
    if (text.endsWith('...')) return;
    const parsed = carryOut(
      parseYaml(text),
      [{ op: 'add', path: '/b', value: 'y\nz\n' }],
      'yaml',
      parseYaml,
    );
    assert.equal(parsed.json, { a: value, b: 'y\nz\n' });
  });
}

test('a block that the end of a text ends stays as it is where something comes before it', () => {
  const parsed = parseYaml('b:\n  c: 1\na: |\n  x');
  const { text } = carryOut(parsed, [{ op: 'add', path: '/b/d', value: 2 }], 'yaml', parseYaml);
  assert.is(text, 'b:\n  c: 1\n  d: 2\na: |\n  x');
});

test.run();
