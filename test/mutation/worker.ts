/**
 * Runs the tests that a message names in this process, one after the other: golden cases, `test/cases/<name>`, and test files. Says
 * what came of each; the parent ends the process when it has seen enough.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getOneMessage, sendMessage } from 'execa';
import { register } from 'tsx/esm/api';
import { runFile } from '../support/run-file.ts';
import { reached } from './switch.ts';

export interface Outcome {
  test: string;
  passed: boolean;
  milliseconds: number;
  /** The mutants that it came by. */
  reached: number[];
}

const tests = (await getOneMessage()) as string[];
// What the function does while it is loaded, each case comes by.
const main = tests.some(isCase) ? await import('../support/function.ts') : undefined;
const loaded = [...reached];
const firstFile = tests.find((test) => !isCase(test));
for (const test of tests) {
  reached.clear();
  // The function is built into this program; test files are loaded as they are.
  if (test === firstFile) register();
  const start = performance.now();
  const passed = isCase(test) ? isAsExpected(test) : await passes(test);
  const milliseconds = Math.round(performance.now() - start);
  await sendMessage({ test, passed, milliseconds, reached: [...new Set([...loaded, ...reached])] });
}

function isCase(test: string): boolean {
  return test.startsWith('test/cases/');
}

async function passes(file: string): Promise<boolean> {
  const { total, passed, problem } = await runFile(resolve(file));
  return total > 0 && total === passed && problem === undefined;
}

/** Whether a golden case comes out as it stands there, and stays so when it is done again. */
function isAsExpected(folder: string): boolean {
  const path = (name: string) => join(folder, name);
  const text = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
  const fails = existsSync(path('errors.txt'));
  const apply = (input: Buffer) => main?.applyToStream(readFileSync(path('config.yaml')), input);
  try {
    const result = apply(readFileSync(path('input.yaml')));
    return (
      result?.status === (fails ? 1 : 0) &&
      result.stdout === text('expected.yaml') &&
      result.stderr === text(fails ? 'errors.txt' : 'warnings.txt') &&
      (fails || apply(Buffer.from(result.stdout))?.stdout === result.stdout)
    );
  } catch {
    return false;
  }
}
