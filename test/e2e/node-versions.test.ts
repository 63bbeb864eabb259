/** Golden cases, the config and the YAML layer on the Node.js versions that are supported beside the oldest: what an engine may do otherwise. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { nodeTools } from './tools.ts';

const PARTS = [
  ...['cases.test', 'function.test', 'config/check-', 'config/load', 'config/meaning'],
  ...['config/schema-problems', 'yaml/escapes', 'yaml/json-fault', 'yaml/locate', 'yaml/print'],
  ...['yaml/yaml-edit.test'],
].map((part) => `test/${part}`);

const RESOURCE_LIST = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n';

const versions = suite('Node.js versions');

for (const { path, version } of nodeTools) {
  versions(`${version}: the same output and the same messages`, async () => {
    const words = ['--import', 'tsx', 'test/run.ts', ...PARTS];
    // Options of the Node.js that runs this are not for another one.
    const env = { NODE_OPTIONS: '', UPDATE: '', CASES: 'stream' };
    const { exitCode, stdout } = await execa(path, words, { cwd: packageRoot, env, reject: false });
    const [, passed] = /^(\d+) passed, 0 failed$/m.exec(stdout) ?? [];
    assert.is(exitCode, 0, stdout.slice(-3000));
    assert.ok(Number(passed) > 700, stdout.slice(-3000));
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

  versions(`${version}: nothing but its arguments is read, and nothing else is done`, async () => {
    const bundle = join(packageRoot, bundlePath);
    const folder = join(packageRoot, 'test/cases/tls-secret');
    const config = join(folder, 'config.yaml');
    const input = readFileSync(join(folder, 'input.yaml'));
    const call = (allowed: readonly string[], words: readonly string[], stdin: Buffer | string) =>
      execa(
        path,
        ['--permission', ...allowed.map((each) => `--allow-fs-read=${each}`), bundle, ...words],
        {
          cwd: '/',
          input: stdin,
          env: { NODE_OPTIONS: '' },
          reject: false,
          stripFinalNewline: false,
        },
      );
    const expected = readFileSync(join(folder, 'expected.yaml'), 'utf8');
    const documents = await call([bundle, config], [config], input);
    assert.is(documents.exitCode, 0, documents.stderr);
    assert.ok(documents.stdout === expected);
    const list = await call([bundle], [], RESOURCE_LIST);
    assert.match(list.stdout, 'results:');
    const file = join(folder, 'input.yaml');
    for (const [allowed, words, what] of [
      [[bundle], [config], config],
      [[bundle, config], [config, file], file],
    ] as const) {
      const refused = await call(allowed, words, input);
      assert.is(refused.exitCode, 1);
      assert.is(refused.stdout, '');
      assert.match(refused.stderr, what);
      assert.not.match(refused.stderr, /internal|^ +at /m);
    }
  });
}

versions.run();
