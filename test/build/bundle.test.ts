import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin } from '../../src/build/build.ts';
import { billPath, bundlePath, noticesPath, packageRoot } from '../../src/build/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

const committed = join(packageRoot, bundlePath);
const bundle = suite('bundle');

for (const { path, content, mode } of await buildPlugin()) {
  bundle(`${path} is what npm run build makes`, () => {
    assert.ok(Buffer.from(content).equals(readFileSync(join(packageRoot, path))), 'npm run build');
  });

  bundle(`${path} has its mode, on disk and in git`, async () => {
    const runs = mode === 0o755;
    assert.is((statSync(join(packageRoot, path)).mode & 0o100) !== 0, runs);
    const git = await execa('git', ['ls-files', '--stage', '--', path], {
      cwd: packageRoot,
      reject: false,
    });
    // A copy without .git, or a file that was never added, has no mode in git.
    if (git.failed || git.stdout === '') return;
    assert.is(git.stdout.slice(0, 6), runs ? '100755' : '100644');
  });

  bundle(`${path} has LF line ends and names no folder of this machine`, () => {
    const text = Buffer.from(content).toString('utf8');
    assert.not.match(text, '\r\n');
    assert.not.match(text, packageRoot);
    assert.not.match(text, 'node_modules');
  });
}

bundle('begins with a shebang', () => {
  assert.ok(readFileSync(committed, 'utf8').startsWith('#!/usr/bin/env node\n'));
});

bundle('requires nothing but what Node brings', () => {
  const source = readFileSync(committed, 'utf8');
  const required = [...source.matchAll(/\brequire\((.*?)\)/g)].map(
    ([, argument]) => argument ?? '',
  );
  const names = required.map((argument) => argument.replace(/^["'`](?:node:)?|["'`]$/g, ''));
  assert.equal(
    names.filter((name) => !builtinModules.includes(name)),
    [],
  );
});

bundle('comes with a bill of the same libraries', () => {
  const { components } = JSON.parse(readFileSync(join(packageRoot, billPath), 'utf8'));
  assert.equal(
    components.map(({ purl }: { purl: string }) => purl.replace(/@[\d.]+$/, '')),
    ['ajv', 'fast-deep-equal', 'fast-json-patch', 'yaml'].map((name) => `pkg:npm/${name}`),
  );
});

bundle('comes with the notices of every library in it, and of nothing else', () => {
  const notices = readFileSync(join(packageRoot, noticesPath), 'utf8');
  const names = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+ \((?:MIT|ISC)\)$/gm)];
  assert.equal(
    names.map(([, name]) => name),
    ['ajv', 'fast-deep-equal', 'fast-json-patch', 'yaml'],
  );
  assert.match(notices, 'Copyright Eemeli Aro');
  assert.match(notices, 'Joachim Wester');
});

bundle('runs alone in an empty folder', async () => {
  const { copyFileSync, writeFileSync } = await import('node:fs');
  const cwd = temporaryFolder();
  // Without plugin/package.json too: there, no package says that modules are ES modules.
  copyFileSync(committed, join(cwd, 'DomainConfig'));
  writeFileSync(
    join(cwd, 'config.yaml'),
    'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\nmetadata:\n  name: a\nspec: {}\n',
  );
  const { exitCode, stdout, stderr } = await execa('./DomainConfig', ['config.yaml'], {
    cwd,
    input: '',
    reject: false,
  });
  assert.is(exitCode, 1);
  assert.is(stdout, '');
  assert.match(stderr, '[config-required]');
  assert.match(stderr, 'spec.domain');
});

bundle.run();
