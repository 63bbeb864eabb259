/** Files that run one after the other in one process, which saves the start of a process for each. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import {
  type FileAnswer,
  type FileResult,
  failure,
  forgottenIn,
  NODE_WORDS,
  resultOf,
  TIMEOUT_MILLISECONDS,
} from './runner.ts';

const worker = fileURLToPath(new URL('shared-worker.ts', import.meta.url));

/** How long a process may take to end once it has nothing more to do. */
const END_MILLISECONDS = 60_000;

/**
 * A file that ends the process, or that hangs, has failed; what is left then gets a new process. So it does after a file
 * that left something for others: tests that it registered and never ran, a changed environment.
 * @param take - the next file; undefined where there is none left
 * @param report - gets the result of each file, and one more for a process that does not end well
 */
export async function runTogether(
  take: () => string | undefined,
  report: (result: FileResult) => void,
  timeout = TIMEOUT_MILLISECONDS,
): Promise<void> {
  let shared: Shared | undefined;
  let last = '';
  for (let file = take(); file !== undefined; file = take()) {
    last = file;
    const forgotten = forgottenIn(file);
    if (forgotten === undefined) {
      shared ??= startShared();
      const start = performance.now();
      const answer = await ask(shared, file, timeout);
      report(answer ? resultOf(file, start, answer) : failure(file, await endOf(shared)));
      if (answer?.total && answer.problem === undefined) continue;
      shared.kill();
      shared = undefined;
    } else report(forgotten);
  }
  if (!shared) return;
  shared.disconnect();
  const timer = killAfter(shared, END_MILLISECONDS);
  const { exitCode } = await shared;
  clearTimeout(timer);
  if (exitCode !== 0) report(failure(last, `the last file in a process; ${await endOf(shared)}`));
}

type Shared = ReturnType<typeof startShared>;

function startShared() {
  return execa(process.execPath, [...NODE_WORDS, worker], {
    all: true,
    reject: false,
    ipc: true,
    env: { FORCE_COLOR: '0' },
  });
}

/** Undefined where the process ends instead, or is ended because it takes too long. */
async function ask(shared: Shared, file: string, timeout: number): Promise<FileAnswer | undefined> {
  const timer = killAfter(shared, timeout);
  try {
    const [answer] = await Promise.all([shared.getOneMessage(), shared.sendMessage(file)]);
    return answer as unknown as FileAnswer;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function killAfter(shared: Shared, milliseconds: number): NodeJS.Timeout {
  return setTimeout(() => {
    shared.kill('SIGKILL', new Error(`did not end in ${milliseconds / 1000} s`));
  }, milliseconds);
}

/** How a process ended, and what it printed outside of the files. */
async function endOf(shared: Shared): Promise<string> {
  const { all, exitCode, originalMessage, signal } = await shared;
  return `${originalMessage || `the process ended with ${signal ?? `status ${exitCode}`}`}\n${all}`;
}
