/**
 * `npm run mutation`, by hand: changes the sources in small ways, one at a time, and runs the tests that come by the change. A change
 * that no test sees is printed: a test is missing, or the code is not needed. `survivors.md` says which were looked at.
 *
 *     npm run mutation -- [--count 50] [--seed 1] [--only 'src/rules/trust.ts:48 filter left out'] [--seconds 120]
 *
 * All mutants stand in one copy of the package, and the environment says which is on: nothing is compiled again. `--only` takes a part of what
 * is printed, and may be given again; `--seconds` is the time that the tests of one mutant may take. The first run
 * finds out which tests come by which mutant, in some minutes, and keeps it in `.cache/`.
 *
 * Stryker has no runner for uvu (Cucumber, Jasmine, Jest, Karma, Mocha, Tap, Vitest: https://stryker-mutator.io/docs/stryker-js/plugins/),
 * and its command runner would run every test for each mutant.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtOverlay, OVERLAYS } from '../support/overlays.ts';
import { shareRunFolder } from '../support/run-folder.ts';
import { mutatedCopy, type NumberedMutant } from './copy.ts';
import { coverage } from './coverage.ts';
import { forEach, outcomesOf } from './processes.ts';
import type { Outcome } from './worker.ts';

const FOLDERS = ['rules', 'surface', 'checks', 'config'];

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: [''] },
    seconds: { type: 'string', default: '120' },
  },
});
const [count, seed, seconds] = [values.count, values.seed, values.seconds].map(Number);
if (count === undefined || seed === undefined || seconds === undefined || !(count * seconds > 0)) {
  process.stderr.write('error: --count, --seed and --seconds are numbers\n');
  process.exit(2);
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { folder, mutants } = mutatedCopy(root, FOLDERS);
// What the checks look at: built once, for every process.
await Promise.all(OVERLAYS.map(builtOverlay));
shareRunFolder();
const outcomes = await coverage(folder, join(root, '.cache/mutation'));
const reached = outcomes.map((outcome) => ({ outcome, numbers: new Set(outcome.reached) }));
const wanted = mutants.filter((mutant) =>
  values.only.some((part) => nameOf(mutant).includes(part)),
);
const chosen = sample(wanted, count, seed);
process.stdout.write(`${wanted.length} mutants, ${chosen.length} chosen, seed ${seed}\n`);
let killed = 0;
await forEach(chosen, async (mutant) => {
  const tests = reached.flatMap(({ outcome, numbers }) =>
    numbers.has(mutant.number) ? [outcome] : [],
  );
  const within = shortestFirst(tests, seconds * 1000);
  const killer = await killerOf(mutant, within);
  if (killer !== undefined) killed += 1;
  const seen = killer ?? `${within.length} of ${tests.length} tests that come by it`;
  process.stdout.write(
    `${killer === undefined ? 'SURVIVED' : 'killed  '} ${nameOf(mutant)} (${seen})\n`,
  );
  if (killer === undefined)
    process.stdout.write(`    ${mutant.from}\n    -> ${mutant.to || 'nothing'}\n`);
});
process.stdout.write(`${killed} killed, ${chosen.length - killed} survived\n`);

/** The test that fails where the mutant is on; undefined where none does. */
async function killerOf(
  mutant: NumberedMutant,
  tests: readonly Outcome[],
): Promise<string | undefined> {
  const expected = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const left = tests.map(({ test }) => test);
  // Other work slows a run down; what takes so much longer hangs.
  const timeout = expected * 5 + 60_000;
  for await (const { test, passed } of outcomesOf(folder, left, timeout, mutant.number)) {
    if (!passed) return test;
    left.shift();
  }
  return left[0] && `${left[0]}, which does not end`;
}

function nameOf({ file, line, what }: NumberedMutant): string {
  return `${file}:${line} ${what}`;
}

function shortestFirst(tests: readonly Outcome[], budget: number): Outcome[] {
  let sum = 0;
  return tests
    .toSorted((a, b) => a.milliseconds - b.milliseconds)
    .filter(({ milliseconds }, index) => {
      sum += milliseconds;
      return sum <= budget || index === 0;
    });
}

/** Some mutants at random; folders, and ways to change something, by turns. */
function sample(all: readonly NumberedMutant[], size: number, start: number): NumberedMutant[] {
  let state = start;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state;
  };
  const turns = new Map<string, number>();
  return all
    .map((mutant) => ({ mutant, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ mutant }) => {
      const group = `${mutant.file.split('/')[1]} ${mutant.what}`;
      const turn = turns.get(group) ?? 0;
      turns.set(group, turn + 1);
      return { mutant, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .slice(0, size)
    .map(({ mutant }) => mutant);
}
