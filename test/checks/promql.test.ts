/** What can be told of an expression of Prometheus without its grammar, and its durations. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { secondsOf, syntaxFault } from '../../src/checks/shared/promql.ts';

for (const [expression, fault] of [
  ['up', undefined],
  ['up{job="a"}', undefined],
  ['sum by (job) (rate(x[5m]))', undefined],
  ['"(" # )', undefined],
  ['# up\nup', undefined],
  ['up # (', undefined],
  ['', 'it says nothing'],
  ['# up', 'it says nothing'],
  ['sum(up', '( is not closed'],
  ['sum(up]', '] closes nothing that is open'],
  ['up)', ') closes nothing that is open'],
  ['up{job="a}', 'the quote " is not closed'],
] as const)
  test(`${expression.replace('\n', ' ')}: ${fault ?? 'no fault that can be told'}`, () => {
    assert.is(syntaxFault(expression), fault);
  });

test('durations have their units from the longest to the shortest', () => {
  assert.equal(
    ['30s', '1m', '1h30m', '2d', '1w', '1y', '500ms', '0'].map(secondsOf),
    [30, 60, 5400, 172_800, 604_800, 31_536_000, 0.5, 0],
  );
  assert.equal(['', '30', '1m1h', 'soon'].map(secondsOf), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.run();
