/** What a misspelled word was meant to be. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editDistance, nearest } from '../../src/config/wording.ts';

test('one mistake is one: a letter more, less, other, or two in the wrong order', () => {
  const pairs = [
    ['acme', 'acme', 0],
    ['acme', 'acmee', 1],
    ['acme', 'ace', 1],
    ['acme', 'acne', 1],
    ['acme', 'acem', 1],
    ['ngnix', 'nginx', 1],
    ['ab', 'ba', 1],
    ['', 'ab', 2],
  ] as const;
  for (const [left, right, distance] of pairs) {
    assert.is(editDistance(left, right), distance, `${left} ${right}`);
    assert.is(editDistance(right, left), distance, `${right} ${left}`);
  }
});

test('the nearest candidate, where one is near', () => {
  assert.is(nearest('acem', ['mode', 'acme', 'ca', 'trust']), 'acme');
  assert.is(nearest('Mode', ['mode', 'acme']), 'mode');
  assert.is(nearest('certificates', ['mode', 'acme']), undefined);
});

test.run();
