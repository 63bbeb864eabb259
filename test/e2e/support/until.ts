/** Waiting for something that another process does, by asking again and again. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The first answer that is not undefined. An error of `ask` counts as no answer.
 * Fails after `timeout` milliseconds, 15,000 by default, with what was waited for and the last error.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeout = 15_000,
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const why = last === undefined ? '' : `: ${last instanceof Error ? last.message : last}`;
      throw new Error(`waited ${timeout / 1000} s for ${what}${why}`);
    }
    await pause(50);
  }
}
