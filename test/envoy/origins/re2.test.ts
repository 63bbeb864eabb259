/** What RE2 takes and refuses: the verdicts are those of Envoy 1.40 (`envoy --mode validate`). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleFunction } from '../../../src/build/bundle.ts';
import { compileExpression, refusedBecause } from '../../../src/envoy/origins/re2.ts';

/** With what the reason has to name. */
const REFUSED: readonly (readonly [expression: string, named: string])[] = [
  ['\\Z', 'no escape `\\Z`'],
  ['(?x)a', 'no group `(?x`'],
  ['[[:foo:]]', '`[:foo:]` is not a range or class'],
  ['[z-a]', '`z-a` is not a range or class'],
  ['\\u0061', 'no escape `\\u`'],
  ['(?=a)b', 'looks around with `(?=`'],
  ['(?!x)', 'looks around with `(?!`'],
  ['(?<=x)', 'looks around with `(?<=`'],
  ['(?<!x)', 'looks around with `(?<!`'],
  ['(?>a)', 'no group `(?>`'],
  ['(?#a)', 'no group `(?#`'],
  ['(?P=n)', 'no group `(?P`'],
  ['(?P<n-a>b)', 'no group `(?P<n-a>`'],
  ['(a)\\1', 'refers back with `\\1`'],
  ['[\\b]', 'no escape `\\b`'],
  ['\\p{Foo}', '`\\p{Foo}` is not a range or class'],
  ['(a', '`(` is never closed'],
  ['a)', '`)` closes nothing'],
  ['[a', '`[` is never closed'],
  ['[]', '`[` is never closed'],
  ['a**', '`**` repeats a repetition'],
  ['a{1000}{2}', '`{1000}{2}` repeats a repetition'],
  ['*a', '`*` repeats nothing'],
  ['(|*)', '`*` repeats nothing'],
  ['a\\', 'backslash at its end'],
  ['a{3,2}', '`{3,2}` is not a range up to 1000'],
  ['a{2000}', '`{2000}` is not a range up to 1000'],
  ['(a{30}){34}', '`{34}` is not a range up to 1000'],
  ['(((a?){1000}){1000})', 'too large'],
];

for (const [expression, named] of REFUSED)
  test(`RE2 refuses ${expression}`, () => {
    assert.ok(refusedBecause(expression)?.includes(named), refusedBecause(expression));
    assert.is(compileExpression(expression), undefined);
  });

/** With a text that each matches, and one that it does not. */
const TAKEN: readonly (readonly [expression: string, matched: string, other: string])[] = [
  ['a', 'a', 'ab'],
  ['a|ab', 'ab', 'abc'],
  ['https://a\\.b', 'https://a.b', 'https://axb'],
  ['(?:a|b)+?', 'abab', ''],
  ['[^]a]*', 'b', ']'],
  ['[]a]', ']', 'b'],
  ['(?P<n>a)(?<m>b)', 'ab', 'a'],
  ['(?i)a', 'A', 'b'],
  ['(?i:A)b', 'ab', 'aB'],
  ['\\bapp', 'app', 'xapp'],
  ['a{2,}', 'aaa', 'a'],
  ['a{,3}', 'a{,3}', 'aaa'],
  ['\\Q(\\E', '(', '\\Q(\\E'],
  ['[[:alnum:]-]+', 'a-1', 'a.1'],
  ['[[:^alpha:]]', '1', 'a'],
  ['\\Aa\\z', 'a', 'ab'],
  ['\\pN+', '12', 'a'],
  ['.', 'a', '\n'],
  ['(a{30}){33}', 'a'.repeat(990), 'a'],
];

for (const [expression, matched, other] of TAKEN)
  test(`RE2 takes ${expression}`, () => {
    assert.is(refusedBecause(expression), undefined);
    assert.is(compileExpression(expression)?.(matched), true);
    assert.is(compileExpression(expression)?.(other), false);
  });

// Envoy starts with them: nothing may be said against them.
for (const expression of ['\\C', '(?P<n>a)(?P<n>b)', `${'('.repeat(1100)}${')'.repeat(1100)}`])
  test(`does not judge ${expression.slice(0, 20)}, which the port cannot read`, () => {
    assert.is(refusedBecause(expression), undefined);
    assert.is(compileExpression(expression), undefined);
  });

test('ends for an expression that makes others hang', () => {
  const matches = compileExpression('https://(([a-z0-9]+)*)*\\.example\\.com');
  assert.is(matches?.(`https://${'a'.repeat(60)}!`), false);
  assert.is(compileExpression('(a?){1000}'.repeat(20)), undefined);
});

test('says of repetitions inside repetitions that RE2 refuses them', () => {
  for (const expression of [
    '(((a?){1000}){1000})',
    '((a{8}){8}){999}',
    '(((a?){1000}b){1000}c){2}',
  ])
    assert.match(refusedBecause(expression) ?? '', /too large|together with a repetition/);
});

test('tries no expression that is longer than any list of origins', () => {
  for (const expression of ['(a|b)'.repeat(50_000), '('.repeat(500_000), 'a?'.repeat(6000)]) {
    assert.is(compileExpression(expression), undefined);
    assert.is(refusedBecause(expression), undefined);
  }
});

test('stays out of the function', async () => {
  const text = Buffer.from((await bundleFunction()).content).toString('utf8');
  assert.not(text.includes('error parsing regexp'));
});

test.run();
