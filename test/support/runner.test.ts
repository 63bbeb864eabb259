import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileResult, readTotals, runTestFile, suitesWithoutRun } from './runner.ts';
import { runTogether } from './shared-process.ts';
import { folderWith } from './temporary.ts';

const uvu = import.meta.resolve('uvu');

async function runSource(source: string) {
  const folder = folderWith({ 'package.json': '{"type":"module"}', 'a.test.ts': source });
  return runTestFile(`${folder}/a.test.ts`);
}

const runner = suite('test runner');

runner('counts what passed and what failed', async () => {
  const result = await runSource(
    `import { test } from '${uvu}';\ntest('a', () => {});\ntest('b', () => { throw new Error('no'); });\ntest.run();`,
  );
  assert.is(result.passed, 1);
  assert.is(result.failed, 1);
  assert.match(result.report, 'no');
});

runner('fails a file that registers no test', async () => {
  assert.is((await runSource('export {};')).failed, 1);
});

runner('fails a file that forgets run()', async () => {
  // Put together from parts, so that the runner does not find suites in this file.
  const make = (name: string) => `const ${name} = ${'suite'}('x');\n`;
  assert.equal(suitesWithoutRun(`${make('one')}${make('two')}one.run();`), ['two']);
  assert.equal(suitesWithoutRun(`import { ${'test'} } from 'uvu';\ntest('a', () => {});`), [
    'test',
  ]);
  assert.equal(suitesWithoutRun(`${make('one')}one.run();`), []);
});

runner('fails a file whose before hook throws, which uvu itself lets pass', async () => {
  const result = await runSource(
    `import { test } from '${uvu}';\ntest.before(() => { throw new Error('early'); });\ntest('a', () => {});\ntest.run();`,
  );
  assert.is(result.passed, 0);
  assert.is(result.failed, 1);
});

runner('fails a file that dies', async () => {
  const result = await runSource(`import { test } from '${uvu}';\ntest.run();\nprocess.exit(0);`);
  assert.is(result.failed, 1);
});

runner('fails a file whose tests pass and whose process does not', async () => {
  const result = await runSource(
    `import { test } from '${uvu}';\ntest('a', () => {});\ntest.run();\nprocess.on('exit', () => { process.exitCode = 3; });`,
  );
  assert.is(result.failed, 1);
});

runner('reads the totals of uvu and nothing else', () => {
  assert.equal(readTotals('\n  Total:     3\n  Passed:    2\n  Skipped:   1\n  Duration: 1ms\n'), {
    total: 3,
    passed: 2,
    skipped: 1,
  });
  assert.is(readTotals('Total: 3'), undefined);
});

runner.run();

const together = suite('files in one process');

const PASSES = `import { test } from '${uvu}';\ntest('a', () => {});\ntest.run();\n`;

/** Runs the sources as files of one process, in their order. */
async function runSources(sources: readonly string[], timeout?: number): Promise<FileResult[]> {
  const names = sources.map((_, index) => `${index}.test.ts`);
  const files = names.map((name, index): [string, string] => [name, sources[index] ?? '']);
  const folder = folderWith({ 'package.json': '{"type":"module"}', ...Object.fromEntries(files) });
  const paths = names.map((name) => `${folder}/${name}`);
  const results: FileResult[] = [];
  await runTogether(
    () => paths.shift(),
    (result) => results.push(result),
    timeout,
  );
  return results;
}

const countsOf = (results: FileResult[]) => results.map(({ passed, failed }) => [passed, failed]);

together('are counted each by itself, and only a failure is printed', async () => {
  const mixed = `import { suite } from '${uvu}';
for (const name of ['x', 'y']) {
  const one = suite(name);
  one('good', () => console.log('said by a good one'));
  one('bad', () => { throw new Error('no'); });
  one.run();
}`;
  const results = await runSources([PASSES, mixed, PASSES]);
  assert.equal(countsOf(results), [
    [1, 0],
    [2, 2],
    [1, 0],
  ]);
  assert.match(results[1]?.report ?? '', 'said by a good one');
  assert.match(results[1]?.report ?? '', /FAIL.*"bad"/);
  for (const { report } of [results[0], results[2]] as FileResult[])
    assert.match(report, /^ok .*: 1 of 1, [\d.]+ s\n$/);
});

const inTest = (statement: string) => PASSES.replace('() => {}', `() => { ${statement} }`);

/** Ways to lose tests, or to leave something for the next file, with what is said of each. */
const LOST: readonly (readonly [name: string, source: string, passed: number, message: string])[] =
  [
    ['registers no test', 'export {};', 0, 'has no test'],
    ['never runs its suite', PASSES.replace('test.run', 'test.skip'), 0, 'has no test'],
    ['throws while it is loaded', `throw new Error('early');\n${PASSES}`, 0, 'early'],
    ['ends the process', `process.exit(0);\n${PASSES}`, 0, 'the process ended with status 0'],
    ['ends it in a test', inTest('process.exit(0);'), 0, 'the process ended with status 0'],
    ['rejects where nothing waits', inTest("Promise.reject(new Error('late'));"), 0, 'late'],
    [
      'has a before hook that throws',
      PASSES.replace('test(', "test.before(() => { throw new Error('early'); });\ntest("),
      0,
      '0 of 1',
    ],
    ['sets the exit status', inTest('process.exitCode = 3;'), 1, 'sets the exit status to 3'],
    ['changes the environment', inTest("process.env.A_NAME = 'x';"), 1, 'changes the working'],
    ['changes the working directory', inTest("process.chdir('/');"), 1, 'changes the working'],
  ];
const afterEach = LOST.flatMap(([, source]) => [source, PASSES]);
const lost = runSources(afterEach);

for (const [index, [name, , passed, message]] of LOST.entries())
  together(`fail where one ${name}, and the next still runs`, async () => {
    const [result, next, ...rest] = (await lost).slice(2 * index);
    assert.equal(countsOf([result, next] as FileResult[]), [
      [passed, 1],
      [1, 0],
    ]);
    assert.match(result?.report ?? '', message);
    assert.is(rest.length, 2 * (LOST.length - index - 1));
  });

together('fail where one hangs', async () => {
  const [result] = await runSources([inTest('return new Promise(() => {});')], 3000);
  assert.is(result?.failed, 1);
  assert.match(result?.report ?? '', 'did not end in 3 s');
});

together('fail where their process does not end as it should', async () => {
  const exit = "process.on('exit', () => { process.exitCode = 3; });\n";
  const results = await runSources([PASSES + exit, PASSES]);
  assert.equal(countsOf(results), [
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  assert.match(results[2]?.report ?? '', 'the process ended with status 3');
});

together.run();
