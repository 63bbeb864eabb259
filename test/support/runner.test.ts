import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTotals, runTestFile, suitesWithoutRun } from './runner.ts';
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
