/** Which mutants each test comes by, and how long it takes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findTestFiles } from '../support/runner.ts';
import { forEach, outcomesOf } from './processes.ts';
import type { Outcome } from './worker.ts';

/** Tests that run other programs or look at what is built: slow, and what they see of the sources, the others see. */
const LEFT_OUT = /^test\/(?:build|cli|docs|e2e|gitops|layouts|mutation|release|cases\.test)/;

const TIMEOUT_MILLISECONDS = 900_000;

/**
 * The outcome of every golden case and test file while no mutant is on, without those that fail in a copy.
 * @param memory - a folder that keeps each for the next run: it holds as long as the sources and the test say the same
 */
export async function coverage(folder: string, memory: string): Promise<Outcome[]> {
  const common = ['src', 'test/support'].flatMap((below) => filesBelow(folder, below));
  const sources = hash(folder, common);
  const cases = readdirSync(join(folder, 'test/cases')).map((name) => `test/cases/${name}`);
  const files = findTestFiles(join(folder, 'test'))
    .map((path) => relative(folder, path))
    .filter((path) => !LEFT_OUT.test(path));
  const keys = new Map([
    ...cases.map((test) => [test, sources + hash(folder, filesBelow(folder, test))] as const),
    ...files.map((test) => [test, sources + hash(folder, [test])] as const),
  ]);
  const pathOf = (test: string) => join(memory, `${keys.get(test)}.json`);
  const isNew = (test: string) => !existsSync(pathOf(test));
  mkdirSync(memory, { recursive: true });

  // Each file in a process of its own: what a file before it had loaded, it would not come by.
  const parts = [cases.filter(isNew), ...files.filter(isNew).map((test) => [test])];
  await forEach(
    parts.filter((part) => part.length > 0),
    async (tests) => {
      let ran = 0;
      for await (const outcome of outcomesOf(folder, tests, TIMEOUT_MILLISECONDS)) {
        ran += 1;
        writeFileSync(pathOf(outcome.test), JSON.stringify(outcome));
      }
      if (ran < tests.length) throw new Error(`without a mutant, ${tests[ran]} ends the process`);
    },
  );
  const used = new Set([...keys.values()].map((key) => `${key}.json`));
  for (const name of readdirSync(memory)) if (!used.has(name)) rmSync(join(memory, name));

  const outcomes = [...keys.keys()].map(
    (test): Outcome => JSON.parse(readFileSync(pathOf(test), 'utf8')),
  );
  for (const { test, passed } of outcomes)
    if (!passed) process.stdout.write(`left out, fails without a mutant: ${test}\n`);
  return outcomes.filter(({ passed }) => passed);
}

function filesBelow(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.path, entry.name)))
    .sort();
}

/** In letters that a file's name may have. */
function hash(folder: string, paths: readonly string[]): string {
  const sum = createHash('sha256');
  for (const path of paths) sum.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return sum.digest('hex').slice(0, 32);
}
