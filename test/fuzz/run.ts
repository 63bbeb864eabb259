/**
 * `npm run fuzz`: the function and the checks on golden cases that are damaged at random. Each call ends with 0 or 1, in bounded time, with a
 * code on each problem, and never with a mistake of the program or a stack trace. What fails is printed with the seed that finds it again.
 *
 *     npm run fuzz -- [--seconds 60] [--seed NUMBER]
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

/** Without a call beginning or ending for so long, one hangs; in milliseconds. */
const SILENCE = 60_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  process.stderr.write('error: --seconds and --seed are numbers\n');
  process.exit(2);
}
process.stdout.write(`seed ${seed}, ${seconds} s\n`);

const worker = new Worker(new URL('start-worker.js', import.meta.url), {
  workerData: { seed, seconds },
});
let running: unknown;
let timer = watch();

worker.on('message', (message: { running?: unknown; calls?: number; failure?: string }) => {
  clearTimeout(timer);
  if (message.calls === undefined) {
    running = message.running;
    timer = watch();
    return;
  }
  process.stdout.write(`${message.calls} calls\n`);
  if (message.failure !== undefined) fail(message.failure);
});
worker.on('error', (error) => fail(`the worker ended: ${error.message}\n${shown()}`));

function watch() {
  return setTimeout(() => {
    fail(`a call does not end:\n${shown()}`);
    void worker.terminate();
  }, SILENCE);
}

function shown(): string {
  return JSON.stringify(running);
}

function fail(message: string): void {
  clearTimeout(timer);
  process.stdout.write(`${message}\nagain: npm run fuzz -- --seed ${seed} --seconds ${seconds}\n`);
  process.exitCode = 1;
}
