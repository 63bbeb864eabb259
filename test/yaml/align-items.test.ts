import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alignItems } from '../../src/yaml/align-items.ts';
import type { Json } from '../../src/yaml/json.ts';
import fc from '../support/fast-check.ts';

const rule = (host: string, path = '/') => ({ host, http: { paths: [{ path, port: 80 }] } });

const lists: [name: string, old: Json[], wanted: Json[], steps: string][] = [
  ['the same', [1, 2], [1, 2], 'stay stay'],
  ['another value in a place', ['a', 'b'], ['a', 'c'], 'stay stay'],
  ['a value at the end', ['a'], ['a', 'b'], 'stay come'],
  ['a value at the beginning', ['b'], ['a', 'b'], 'come stay'],
  ['a value that goes', ['a', 'b', 'c'], ['a', 'c'], 'stay go stay'],
  ['a value that moves up', ['a', 'b'], ['b', 'c'], 'go stay come'],
  [
    'a host that is another',
    [rule('old'), rule('x', '/x')],
    [rule('new'), rule('x', '/x')],
    'stay stay',
  ],
  [
    'a host that is two',
    [rule('x', '/x'), rule('old')],
    [rule('x', '/x'), rule('new'), rule('two')],
    'stay stay come',
  ],
  ['an alias that was the host', [rule('old')], [rule('new'), rule('old')], 'come stay'],
  ['one of several that goes', [rule('a', '/a'), rule('b', '/b')], [rule('b', '/b')], 'go stay'],
  [
    'one that goes beside one that changes',
    [rule('a', '/a'), rule('b', '/b')],
    [rule('c', '/b')],
    'go stay',
  ],
  [
    'one that stays beside others that look like those that go',
    [rule('a'), rule('b', '/b'), rule('c')],
    [rule('c'), rule('d'), rule('e', '/b')],
    'go go stay come come',
  ],
  ['something else', [{ a: 1 }], [{ b: 2 }], 'stay'],
];
for (const [name, old, wanted, steps] of lists)
  test(`a list becomes one with ${name}`, () => {
    assert.is(alignItems(old, wanted).join(' '), steps);
  });

test('the steps lead from one list to the other', () => {
  const items = fc.array(fc.oneof(fc.nat(4), fc.record({ a: fc.nat(2), b: fc.nat(2) })), {
    maxLength: 7,
  });
  fc.assert(
    fc.property(items, items, (old, wanted) => {
      const steps = alignItems(old, wanted);
      assert.is(steps.filter((step) => step !== 'come').length, old.length);
      assert.is(steps.filter((step) => step !== 'go').length, wanted.length);
    }),
  );
});

test('a long list that changes everywhere is aligned by its places', () => {
  const items = (first: number) => Array.from({ length: 3000 }, (_, index) => first + index);
  assert.is(alignItems(items(0), [...items(5000), 1]).filter((step) => step === 'come').length, 1);
});

test.run();
