/**
 * `npm run mutation`, by hand: changes the sources in small ways, one at a time, and runs the tests that come by the change. A change
 * that no test sees is printed: a test is missing, or the code is not needed. `survivors.md` says which were looked at.
 *
 *     npm run mutation -- [--count 50] [--seed 1] [--only 'src/rules/trust.ts:48 filter left out'] [--seconds 120]
 *
 * All mutants stand in one copy of the package, and the environment says which is on: nothing is compiled again. `--only` takes a part of what
 * is printed, and may be given again; `--seconds` is the time after which no other test is tried on a mutant. The first run
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
const budget = seconds * 1000;
const wanted = mutants.filter((mutant) =>
  values.only.some((part) => nameOf(mutant).includes(part)),
);
const chosen = sample(wanted, count, seed);
process.stdout.write(`${wanted.length} mutants, ${chosen.length} chosen, seed ${seed}\n`);
let killed = 0;
await forEach(chosen, async (mutant) => {
  const tests = testsOf(mutant);
  const { ran, killer } = await run(mutant, tests);
  if (killer !== undefined) killed += 1;
  process.stdout.write(
    killer === undefined
      ? `SURVIVED ${nameOf(mutant)} (${ran} of ${tests.length} tests)\n    ${mutant.from}\n    -> ${mutant.to || 'nothing'}\n`
      : `killed   ${nameOf(mutant)} (${killer})\n`,
  );
});
process.stdout.write(`${killed} killed, ${chosen.length - killed} survived\n`);

/** The tests that come by a mutant; first those that come by most of its file, which are about it, and are short. */
function testsOf({ number, file }: NumberedMutant): Outcome[] {
  const [first = 0, last = 0] = [
    mutants.find((one) => one.file === file),
    mutants.findLast((one) => one.file === file),
  ].map((one) => one?.number);
  return outcomes
    .filter((outcome) => outcome.reached.includes(number))
    .map((outcome) => {
      const own = outcome.reached.filter((each) => each >= first && each <= last).length;
      return { outcome, price: outcome.milliseconds / own ** 2 };
    })
    .sort((a, b) => a.price - b.price)
    .map(({ outcome }) => outcome);
}

/** Runs tests while the mutant is on, until one fails or the time is over; a test that ends the process, or hangs, fails. */
async function run(mutant: NumberedMutant, tests: readonly Outcome[]) {
  const start = Date.now();
  const longest = Math.max(0, ...tests.map(({ milliseconds }) => milliseconds));
  const timeout = budget + 5 * longest + 60_000;
  const names = tests.map(({ test }) => test);
  let ran = 0;
  for await (const { test, passed } of outcomesOf(folder, names, timeout, mutant.number)) {
    ran += 1;
    if (!passed) return { ran, killer: test };
    if (Date.now() - start > budget) return { ran };
  }
  return { ran, killer: names[ran] && `${names[ran]}, which does not end` };
}

function nameOf({ file, line, what }: NumberedMutant): string {
  return `${file}:${line} ${what}`;
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
