/** Golden cases, the config and the YAML layer on the Node.js versions that are supported beside the oldest. */
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { nodeTools } from './tools.ts';

const PARTS = ['test/cases.test', 'test/function.test', 'test/config/', 'test/yaml/'];

const versions = suite('Node.js versions');

for (const { path, version } of nodeTools) {
  versions(`${version}: the same output and the same messages`, async () => {
    const words = ['--import', 'tsx', 'test/run.ts', ...PARTS];
    // Options of the Node.js that runs this are not for another one.
    const env = { NODE_OPTIONS: '', UPDATE: '' };
    const { exitCode, stdout } = await execa(path, words, { cwd: packageRoot, env, reject: false });
    const [, passed] = /^(\d+) passed, 0 failed$/m.exec(stdout) ?? [];
    assert.is(exitCode, 0, stdout.slice(-3000));
    assert.ok(Number(passed) > 1000, stdout.slice(-3000));
  });

  versions(`${version}: the bundle runs`, async () => {
    const { exitCode, stderr } = await execa(path, [bundlePath, 'no/such/config.yaml'], {
      cwd: packageRoot,
      input: '',
      reject: false,
    });
    assert.is(exitCode, 1);
    assert.match(stderr, 'no/such/config.yaml');
  });
}

versions.run();
