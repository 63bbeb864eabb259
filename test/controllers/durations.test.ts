/** In which units a controller's timeouts count, and what is not a duration to it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Durations } from '../../src/controllers/controller.ts';
import { CONTROLLERS } from '../../src/controllers/index.ts';
import {
  ROUTE_DURATIONS,
  secondsOf,
  timeoutSeconds,
} from '../../src/controllers/shared/durations.ts';

const durations = suite('durations');
const ENDLESS = Number.POSITIVE_INFINITY;

for (const [text, how, seconds] of [
  ['3600', { plain: 's' }, 3600],
  ['3600000', { plain: 'ms', units: 'days' }, 3600],
  ['3600', { units: 'go' }, undefined],
  ['3600s', { plain: 's' }, undefined],
  ['1.5', { plain: 's' }, undefined],
  ['1h30m', { units: 'go' }, 5400],
  ['500ms', { units: 'go' }, 0.5],
  ['1d', { units: 'days' }, 86_400],
  ['1d', { units: 'go' }, undefined],
  ['infinity', { units: 'go', endless: 'infinity' }, ENDLESS],
  ['infinity', { units: 'go' }, undefined],
  ['0s', { units: 'go' }, 0],
  ['0s', ROUTE_DURATIONS, ENDLESS],
  ['0', { plain: 'ms', endless: 'zero' }, ENDLESS],
  ['one hour', { plain: 's', units: 'days' }, undefined],
] as [string, Durations, number | undefined][])
  durations(`${text}, as ${JSON.stringify(how)}`, () => {
    assert.is(secondsOf(text, how), seconds);
  });

durations('are found in a list of settings', () => {
  const wanted = 'idle_timeout.timeout_seconds=3600';
  const seconds = (written: string) => timeoutSeconds(CONTROLLERS.alb, written, wanted);
  assert.is(seconds('deletion_protection.enabled=true, idle_timeout.timeout_seconds=60'), 60);
  assert.is(seconds('deletion_protection.enabled=true'), undefined);
});

durations.run();
