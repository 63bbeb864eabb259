import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonFault } from '../../src/yaml/json-fault.ts';
import fc from '../support/fast-check.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

for (const [what, text, place] of [
  ['a comma that nothing follows', '{"a": 1,}', '}'],
  ['a comma at the end of a list', '[1, ]', ']'],
  ['a comment', '{\n  // why\n  "a": 1}', '/'],
  ['single quotes', "{'a': 1}", "'"],
  ['a key without quotes', '{a: 1}', 'a'],
  ['an escape that JSON has not', '["\\x41"]', '\\'],
  ['a line end in a string', '["a\nb"]', '\n'],
  ['a zero before a number', '[01]', '1'],
  ['a second value', '{} {}', ' {'],
  ['a bracket of the other kind', '[1}', '}'],
  ['a byte order mark', '\ufeff{}', '\ufeff'],
] as const)
  test(`the place of ${what}`, () => {
    assert.is(jsonFault(text), text.indexOf(place) + (place === ' {' ? 1 : 0));
  });

test('the end of a text that is cut off is its place', () => {
  for (const text of ['', ' ', '{', '{"a"', '{"a":', '{"a":1', '["a', '[1,', '[[1]'])
    assert.is(jsonFault(text), text.length, text);
});

test('JSON has none', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
      assert.is(jsonFault(JSON.stringify(JSON.parse(text), null, space)), undefined);
    }),
  );
});

test('what the engine refuses has one, and nothing else', () => {
  const pieces =
    '{ } [ ] , : "a" "\\u00e9" "\\u00g0" 0 -0 - 1.5 1. 2e+3 .5 true tru null \n \r \t \v " \\'.split(
      ' ',
    );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      assert.is(jsonFault(text) === undefined, isJson(text), JSON.stringify(text));
    }),
    { numRuns: 3000 },
  );
});

test.run();
