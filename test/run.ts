/**
 * `npm test`, after lint and types: runs every test file and counts.
 *
 * uvu passes in silence where a file forgets `.run()` or a pattern matches nothing, and a `before` that throws leaves
 * its tests out with status 0. So each file is counted, nothing may be missing, and the sum is compared with a number.
 *
 *     node --import tsx test/run.ts [part of a path…]
 */
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtOverlay, OVERLAYS } from './support/overlays.ts';
import { shareRunFolder } from './support/run-folder.ts';
import {
  addTotals,
  type FileResult,
  findTestFiles,
  printSummary,
  runTestFile,
  type Totals,
} from './support/runner.ts';
import { runTogether } from './support/shared-process.ts';

/** How many tests there are, give or take 2 %: fewer mean that some were lost, more that this number is old. */
const TESTS = 9980;

/** Files that change what the files of one process share, and why. */
const IN_OWN_PROCESS: Readonly<Record<string, string>> = {
  'cli/explain.test.ts': 'changes $TMPDIR for a while',
};

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = findTestFiles(folder)
  .filter((path) => !relative(folder, path).startsWith('e2e'))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)));

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
function report(result: FileResult): void {
  process.stdout.write(result.report);
  addTotals(totals, result);
}

if (wanted.length === 0) await Promise.all(OVERLAYS.map(builtOverlay));
shareRunFolder();
const isAlone = (file: string) => relative(folder, file) in IN_OWN_PROCESS;
const alone = files.filter(isAlone);
const together = files.filter((file) => !isAlone(file));
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let file = alone.shift(); file !== undefined; file = alone.shift())
      report(await runTestFile(file));
    await runTogether(() => together.shift(), report);
  }),
);

const ran = totals.passed + totals.failed;
process.stdout.write(`\n${ran} tests ran in ${files.length} files\n`);
const isExpected = wanted.length > 0 ? ran > 0 : Math.abs(ran - TESTS) <= TESTS * 0.02;
if (!isExpected) {
  const fix = ran > TESTS ? `: raise TESTS in test/run.ts` : '';
  process.stdout.write(`FAIL expected ${wanted.length > 0 ? 'some' : TESTS}${fix}\n`);
  totals.failed += 1;
}
printSummary(totals);
