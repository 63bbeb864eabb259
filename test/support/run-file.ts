/**
 * One uvu file run in this process, with its counts.
 *
 * uvu keeps suites in a global queue; with UVU_DEFER they wait there until they are called, as uvu's own command line
 * does it. Each file gets a queue of its own here, so that each is counted by itself.
 */
import { pathToFileURL } from 'node:url';
import type { FileAnswer } from './runner.ts';

/** One suite; its errors are text where there are some. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;

const uvu = globalThis as typeof globalThis & { UVU_DEFER?: boolean; UVU_QUEUE?: Run[][] };
uvu.UVU_DEFER = true;

/** @param file - an absolute path; it is loaded, so a file runs once in a process */
export async function runFile(file: string): Promise<FileAnswer> {
  const answer: FileAnswer = { total: 0, passed: 0, skipped: 0, output: '' };
  const release = capture((text) => {
    answer.output += text;
  });
  const before = surroundings();
  try {
    const queue: Run[] = [];
    uvu.UVU_QUEUE = [queue];
    await import(pathToFileURL(file).href);
    for (const run of queue) {
      const [errors, passed, skipped, total] = await run();
      if (typeof errors === 'string') answer.output += `\n${errors}\n`;
      answer.total += total;
      answer.passed += passed;
      answer.skipped += skipped;
    }
    // A rejection that nothing waits for ends the process in the next turn: while this file is the one that runs.
    await new Promise(setImmediate);
  } catch (error) {
    answer.problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    // A suite that is run from now on would be counted for no file: it throws.
    uvu.UVU_QUEUE = [];
    release();
  }
  if (process.exitCode) answer.problem ??= `sets the exit status to ${process.exitCode}`;
  process.exitCode = 0;
  if (surroundings() !== before)
    answer.problem ??= 'changes the working directory or the environment of its process';
  return answer;
}

/** Hands over what is printed, until the returned function is called. */
function capture(take: (text: string) => void): () => void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
      take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = more.at(-1);
      if (typeof done === 'function') process.nextTick(done as () => void);
      return true;
    };
  return () => {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
  };
}

/** What every file of a process shares, and none may change for the next. */
function surroundings(): string {
  return JSON.stringify([process.cwd(), ...Object.entries(process.env).sort()]);
}
