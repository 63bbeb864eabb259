/** What a suite runs against: processes and servers that are started before its first test and stopped in any case. */
import { writeSync } from 'node:fs';
import type { Test } from 'uvu';

/** Something that runs. */
export interface Running {
  close(): unknown;
  /** What it printed, shown where a test of the process fails. */
  log?(): string;
}

/** Notes something that runs, to be stopped with the suite, and gives it back. */
export type Keep = <T extends Running>(running: T, name?: string) => T;

const logs: { name: string; log: () => string }[] = [];
let startFailed = false;

/**
 * Starts a stand before the suite's tests; the function that comes back gives it to them. What was kept is closed
 * after the tests in the opposite order, also where the start itself failed.
 */
export function standFor<T>(suite: Test, start: (keep: Keep) => Promise<T>): () => T {
  const kept: Running[] = [];
  let stand: { value: T } | undefined;
  let ended = false;
  const keep: Keep = (running, name = '') => {
    // Still on its way when something else failed.
    if (ended) {
      running.close();
      throw new Error(`the suite has ended${name && ` before ${name}`}`);
    }
    kept.push(running);
    if (running.log) showLogOnFailure(name, () => running.log?.() ?? '');
    return running;
  };
  suite.before(async () => {
    try {
      stand = { value: await start(keep) };
    } catch (error) {
      // uvu itself says nothing about an error in a hook, and takes it for a success.
      startFailed = true;
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      throw error;
    }
  });
  suite.after(async () => {
    ended = true;
    for (const running of kept.reverse())
      try {
        await running.close();
      } catch (error) {
        process.stderr.write(`cannot be stopped: ${error}\n`);
        process.exitCode = 1;
      }
  });
  return () => {
    if (stand === undefined) throw new Error('the stand did not start');
    return stand.value;
  };
}

function showLogOnFailure(name: string, log: () => string): void {
  if (logs.length === 0) process.once('exit', showLogs);
  logs.push({ name, log });
}

function showLogs(code: number): void {
  if (code === 0 && !startFailed) return;
  for (const { name, log } of logs) {
    const text = log().trimEnd();
    if (text !== '') writeSync(2, `\n== ${name}\n${text}\n`);
  }
}
