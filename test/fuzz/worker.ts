/** Makes calls until the time is over; says before each that it is alive, because a call that never ends cannot say so. */
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { call, check } from './calls.ts';

const { seed, seconds } = workerData as { seed: number; seconds: number };
let calls = 0;
const property = fc.property(call, (one) => {
  calls += 1;
  parentPort?.postMessage({ running: one });
  check(one);
});
const result = fc.check(property, {
  seed,
  numRuns: Number.MAX_SAFE_INTEGER,
  interruptAfterTimeLimit: seconds * 1000,
  markInterruptAsFailure: false,
});
parentPort?.postMessage({
  calls,
  failure: result.failed
    ? `${fc.defaultReportMessage(result)}\n${String(result.errorInstance)}`
    : undefined,
});
