/** Running uvu files so that their counts can be relied on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** What one file came to, with the lines that tell it. */
export interface FileResult extends Totals {
  report: string;
}

/** No file takes nearly as long; one that hangs fails instead of stopping everything. */
const TIMEOUT_MILLISECONDS = 300_000;

/** Every `*.test.ts` below a folder, sorted. */
export function findTestFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .map((path) => join(folder, path));
}

/** Runs one file in its own process. A file that does not account for all of its tests has failed. */
export async function runTestFile(file: string): Promise<FileResult> {
  const name = relative(process.cwd(), file);
  const forgotten = suitesWithoutRun(readFileSync(file, 'utf8'));
  if (forgotten.length > 0) return failure(name, `never runs: ${forgotten.join(', ')}`);
  const start = performance.now();
  const { all, exitCode, timedOut } = await execa(
    process.execPath,
    ['--import', 'tsx', '--enable-source-maps', file],
    { all: true, reject: false, timeout: TIMEOUT_MILLISECONDS, env: { FORCE_COLOR: '0' } },
  );
  if (timedOut) return failure(name, `did not end in ${TIMEOUT_MILLISECONDS / 1000} s\n${all}`);
  const counts = readTotals(all);
  if (counts === undefined) return failure(name, `ran no test\n${all}`);
  const { total, passed, skipped } = counts;
  if (total === 0) return failure(name, `has no test\n${all}`);
  const failed = total - passed || (exitCode === 0 ? 0 : 1);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const line = `${failed > 0 ? 'FAIL' : 'ok  '} ${name}: ${passed} of ${total}, ${seconds} s`;
  const note = skipped > 0 ? `, ${skipped} skipped` : '';
  return { passed, failed, skipped, report: `${line}${note}\n${failed > 0 ? `${all}\n` : ''}` };
}

/** Adds one file's counts to a sum. */
export function addTotals(sum: Totals, part: Totals): void {
  sum.passed += part.passed;
  sum.failed += part.failed;
  sum.skipped += part.skipped;
}

/** The last line, which .ci/run adds up, and the exit status that goes with it. */
export function printSummary({ passed, failed, skipped }: Totals): void {
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

/** The suites that a test file makes and never runs; the default one is called `test`. */
export function suitesWithoutRun(source: string): string[] {
  const names = [...source.matchAll(/\b(?:const|let)\s+(\w+)\s*=\s*suite\b/g)].map(
    ([, name]) => name,
  );
  if (/import\s*\{[^}]*\btest\b[^}]*\}\s*from\s*'uvu'/.test(source)) names.push('test');
  return names.flatMap((name) =>
    name && !new RegExp(`\\b${name}\\.run\\(\\)`).test(source) ? [name] : [],
  );
}

/** uvu's own totals, which it prints last. */
export function readTotals(
  output: string,
): { total: number; passed: number; skipped: number } | undefined {
  const match = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/m.exec(output);
  return match === null
    ? undefined
    : { total: Number(match[1]), passed: Number(match[2]), skipped: Number(match[3]) };
}

function failure(name: string, why: string): FileResult {
  return { passed: 0, failed: 1, skipped: 0, report: `FAIL ${name}: ${why}\n` };
}
