/** Tests of the mutated copy, run in processes of their own. */
import { execa } from 'execa';
import { WORKER } from './copy.ts';
import type { Outcome } from './worker.ts';

/** How many processes run at once. */
const PROCESSES = 2;

/**
 * What comes of each test, as soon as it has ended. A process that ends or hangs before it has run all of them leaves the
 * rest out; when the listener stops, it ends.
 * @param tests - golden cases, `test/cases/<name>`, and test files, in this order
 * @param mutant - the number of the one that is on; -1 for none
 */
export async function* outcomesOf(
  folder: string,
  tests: readonly string[],
  timeout: number,
  mutant = -1,
): AsyncGenerator<Outcome> {
  const child = execa(process.execPath, [WORKER], {
    cwd: folder,
    ipc: true,
    reject: false,
    stdout: 'ignore',
    stderr: 'ignore',
    timeout,
    killSignal: 'SIGKILL',
    env: { MUTANT: String(mutant), FORCE_COLOR: '0' },
  });
  try {
    await child.sendMessage([...tests]);
    for await (const outcome of child.getEachMessage()) yield outcome as unknown as Outcome;
  } catch {
    // It ended before it had the message.
  } finally {
    child.kill('SIGKILL');
    await child;
  }
}

/** Does one thing for each item, a few at once. */
export async function forEach<T>(items: Iterable<T>, act: (item: T) => Promise<void>) {
  const iterator = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      for (let next = iterator.next(); !next.done; next = iterator.next()) await act(next.value);
    }),
  );
}
