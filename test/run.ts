/**
 * `npm test`, after lint and types: runs every test file in a process of its own and counts.
 *
 * uvu passes in silence where a file forgets `.run()` or a pattern matches nothing, and a `before` that throws leaves
 * its tests out with status 0. So each file has to print its totals, nothing may be missing, and the sum has a minimum.
 *
 *     node --import tsx test/run.ts [part of a path…]
 */
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addTotals,
  findTestFiles,
  printSummary,
  runTestFile,
  type Totals,
} from './support/runner.ts';

/** Raise it as tests are added: fewer means that some were lost. */
const MINIMUM_TESTS = 2000;

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = findTestFiles(folder)
  .filter((path) => !relative(folder, path).startsWith('e2e'))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)));

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
const queue = [...files];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runTestFile(file);
      process.stdout.write(result.report);
      addTotals(totals, result);
    }
  }),
);
const ran = totals.passed + totals.failed;
const minimum = wanted.length === 0 ? MINIMUM_TESTS : 1;
if (ran < minimum) {
  process.stdout.write(`\nonly ${ran} tests ran, expected at least ${minimum}\n`);
  totals.failed += 1;
}
process.stdout.write(`\n${ran} tests ran in ${files.length} files\n`);
printSummary(totals);
