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

/** What a file's process says of it. */
export interface FileAnswer {
  total: number;
  passed: number;
  skipped: number;
  /** What it printed. */
  output: string;
  /** Why it has failed, whatever its tests say. */
  problem?: string;
}

/** No file takes nearly as long; one that hangs fails instead of stopping everything. */
export const TIMEOUT_MILLISECONDS = 300_000;

/** How node is started for test files. */
export const NODE_WORDS = ['--import', 'tsx', '--enable-source-maps'];

/** Every `*.test.ts` below a folder, sorted. */
export function findTestFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .map((path) => join(folder, path));
}

/** Runs one file in its own process. A file that does not account for all of its tests has failed. */
export async function runTestFile(file: string): Promise<FileResult> {
  const forgotten = forgottenIn(file);
  if (forgotten !== undefined) return forgotten;
  const start = performance.now();
  const { all, exitCode, timedOut } = await execa(process.execPath, [...NODE_WORDS, file], {
    all: true,
    reject: false,
    timeout: TIMEOUT_MILLISECONDS,
    env: { FORCE_COLOR: '0' },
  });
  if (timedOut) return failure(file, `did not end in ${TIMEOUT_MILLISECONDS / 1000} s\n${all}`);
  const counts = readTotals(all);
  if (counts === undefined) return failure(file, `ran no test\n${all}`);
  const problem = exitCode === 0 ? {} : { problem: `ended with status ${exitCode}` };
  return resultOf(file, start, { ...counts, output: all, ...problem });
}

/** @param start - when the file was begun, by `performance.now()` */
export function resultOf(file: string, start: number, answer: FileAnswer): FileResult {
  const { total, passed, skipped, output, problem } = answer;
  if (total === 0) return failure(file, `${problem ?? 'has no test'}\n${output}`);
  const failed = total - passed || (problem === undefined ? 0 : 1);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const line = [
    `${failed > 0 ? 'FAIL' : 'ok  '} ${nameOf(file)}: ${passed} of ${total}, ${seconds} s`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(problem === undefined ? [] : [problem]),
  ].join(', ');
  return { passed, failed, skipped, report: `${line}\n${failed > 0 ? `${output}\n` : ''}` };
}

/** A failure that stands for a whole file. */
export function failure(file: string, why: string): FileResult {
  return { passed: 0, failed: 1, skipped: 0, report: `FAIL ${nameOf(file)}: ${why}\n` };
}

/** The failure of a file that has suites which it never runs. */
export function forgottenIn(file: string): FileResult | undefined {
  const forgotten = suitesWithoutRun(readFileSync(file, 'utf8'));
  return forgotten.length > 0 ? failure(file, `never runs: ${forgotten.join(', ')}`) : undefined;
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

function nameOf(file: string): string {
  return relative(process.cwd(), file);
}
