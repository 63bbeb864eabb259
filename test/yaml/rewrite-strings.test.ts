import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commentsIn, rewriteStrings, stringsIn } from '../../src/yaml/rewrite-strings.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';

/** The text with every `old` in a value replaced. */
function rewrite(text: string): string {
  const parsed = parseYaml(text);
  const places = stringsIn(parsed).filter(({ isKey, value }) => !isKey && value.includes('old'));
  const changes = new Map(places.map((place) => [place, place.value.replaceAll('old', 'new')]));
  return rewriteStrings(parsed, 'yaml', parseYaml, changes).text;
}

const cases: [name: string, before: string, after: string][] = [
  [
    'keeps styles, comments and spacing',
    `a:   'old'  # old\nb: "old"\nc: old\n`,
    `a:   'new'  # old\nb: "new"\nc: new\n`,
  ],
  [
    'follows an alias with its anchor',
    'a: &x old\nb: *x\nc: [*x]\n',
    'a: &x new\nb: *x\nc: [*x]\n',
  ],
  [
    'follows what a merge brings in',
    'a: &x {k: old}\nb: {<<: *x, l: 1}\n',
    'a: &x {k: new}\nb: {<<: *x, l: 1}\n',
  ],
  ['follows a map that is merged where it stands', 'b: {<<: {k: old}}\n', 'b: {<<: {k: new}}\n'],
  [
    'keeps a tag',
    'a: !!str old\nb: !mine &y old\nc: *y\n',
    'a: !!str new\nb: !mine &y new\nc: *y\n',
  ],
  ['leaves keys alone', 'old: old\n? old2\n: x\n', 'old: new\n? old2\n: x\n'],
  [
    'keeps the other lines of a block',
    'a: |-\n   one\n\n   old\nb: >\n  old\n',
    'a: |-\n   one\n\n   new\nb: >\n  new\n',
  ],
];
for (const [name, before, after] of cases)
  test(name, () => {
    assert.is(rewrite(before), after);
  });

test('finds comments of every sort', () => {
  const text = '# one\na: # two\n  - b # three\n  # four\nc: {d: e} # five\n# six\n';
  const found = commentsIn(parseYaml(text)).join('\n');
  for (const word of ['one', 'two', 'three', 'four', 'five', 'six']) assert.match(found, word);
});

test('says where a string stands', () => {
  const places = stringsIn(parseYaml('a: {b: [x, {c: y}]}\n')).filter(({ isKey }) => !isKey);
  assert.equal(
    places.map(({ path }) => path),
    [
      ['a', 'b', 0],
      ['a', 'b', 1, 'c'],
    ],
  );
});

test('writes any texts, and reads them back', () => {
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('yes', '1', 'a: b', '- x', ' a', 'a\nb\n', '# c'),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), fc.boolean(), (values, inFlow) => {
      const items = values.map((_, index) => `k${index}: old`);
      const text = inFlow ? `{${items.join(', ')}}\n` : `${items.join('\n')}\n`;
      const parsed = parseYaml(text);
      const places = stringsIn(parsed).filter(({ isKey }) => !isKey);
      const changes = new Map(places.map((place, index) => [place, values[index] ?? '']));
      const { json } = rewriteStrings(parsed, 'yaml', parseYaml, changes);
      assert.equal(Object.values(json as object), values);
    }),
    { numRuns: 500 },
  );
});

test.run();
