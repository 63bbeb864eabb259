/**
 * The function and the checks on damaged input, for as long as CI can spare. The seed is always the same, so that a change is not held up by
 * what it has nothing to do with; `npm run fuzz` takes another one each time, and longer.
 */
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';

const fuzz = suite('fuzz');

fuzz('half a minute finds nothing', async () => {
  const words = ['--import', 'tsx', 'test/fuzz/run.ts', '--seconds', '30', '--seed', '479931205'];
  const { stdout, exitCode } = await execa('node', words, { cwd: packageRoot, reject: false });
  assert.is(exitCode, 0, stdout);
  const [, calls] = /^(\d+) calls$/m.exec(stdout) ?? [];
  assert.ok(Number(calls) > 50, stdout);
});

fuzz.run();
