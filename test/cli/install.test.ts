import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { unsoundFiles } from '../../src/cli/install-files.ts';
import { run } from '../support/command-line.ts';
import { buildWith, bundled } from '../support/kustomize.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const inHome = 'network.michelangelo.api/v1alpha1/domainconfig';
const { PATH } = process.env;

const install = suite('install');

install('goes where kustomize looks, which finds and runs it there', async () => {
  // A package of ES modules around it must not change how Node.js reads the bundle.
  const HOME = folderWith({ 'package.json': '{"type":"module"}' });
  const { status, stdout } = await run(['install'], { cwd: HOME, env: { HOME } });
  assert.is(status, 0);
  assert.match(stdout, `installed into ${HOME}/.config/kustomize/plugin/${inHome}\n`);
  assert.match(stdout, '\n  kustomize build --enable-alpha-plugins ');
  const expected = await buildWith(bundled, 'overlays/staging');
  const words = ['build', '--enable-alpha-plugins', 'overlays/staging'];
  const built = await execa(bundled.command, words, {
    cwd: packageRoot,
    env: { HOME, PATH },
    extendEnv: false,
    stripFinalNewline: false,
  });
  assert.ok(built.stdout === expected.stdout);
});

install('follows $KUSTOMIZE_PLUGIN_HOME, then $XDG_CONFIG_HOME', async () => {
  const cwd = temporaryFolder();
  const both = {
    KUSTOMIZE_PLUGIN_HOME: join(cwd, 'a'),
    XDG_CONFIG_HOME: join(cwd, 'b'),
    HOME: cwd,
  };
  await run(['install'], { cwd, env: both });
  assert.ok(existsSync(join(cwd, 'a', inHome, 'DomainConfig')));
  await run(['install'], { cwd, env: { ...both, KUSTOMIZE_PLUGIN_HOME: '' } });
  assert.ok(existsSync(join(cwd, 'b/kustomize/plugin', inHome, 'DomainConfig')));
});

install('--to takes any folder, and the line that it prints works in a shell', async () => {
  const cwd = temporaryFolder();
  cpSync(join(packageRoot, 'base'), join(cwd, 'base'), { recursive: true });
  cpSync(join(packageRoot, 'overlays'), join(cwd, 'overlays'), { recursive: true });
  const { stdout } = await run(['install', '--to', "it's a/plug in"], { cwd });
  const folder = join(cwd, "it's a/plug in", inHome);
  assert.equal(readdirSync(folder).sort(), [
    'DomainConfig',
    'DomainConfig.cdx.json',
    'README.md',
    'SHA256SUMS',
    'THIRD-PARTY-NOTICES',
    'domain-config.schema.json',
    'installed-by-ma-overlays.json',
    'package.json',
  ]);
  assert.is(statSync(join(folder, 'DomainConfig')).mode & 0o777, 0o755);
  const line = stdout.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const command = line.replace(' kustomize ', ` '${bundled.command}' `);
  const built = await execa('sh', ['-c', command], { cwd });
  assert.match(built.stdout, 'api.ml.example.com');
});

install('a second time changes nothing, and an older one of ours is replaced', async () => {
  const cwd = temporaryFolder();
  await run(['install', '--to', 'p'], { cwd });
  const again = await run(['install', '--to', 'p'], { cwd });
  assert.is(again.status, 0);
  assert.match(again.stdout, 'is up to date');
  const record = join(cwd, 'p', inHome, 'installed-by-ma-overlays.json');
  const bundle = join(cwd, 'p', inHome, 'DomainConfig');
  // As an older version would have left it: another bundle, whose sum is in its record.
  const { createHash } = await import('node:crypto');
  const content = JSON.parse(readFileSync(record, 'utf8'));
  content.sha256.DomainConfig = createHash('sha256').update('old').digest('hex');
  writeFileSync(record, JSON.stringify(content));
  writeFileSync(bundle, 'old');
  chmodSync(bundle, 0o755);
  const { status, stdout } = await run(['install', '--to', 'p'], { cwd });
  assert.is(status, 0);
  assert.match(stdout, 'installed into');
  assert.ok(readFileSync(bundle).equals(readFileSync(join(packageRoot, bundlePath))));
  assert.equal(readdirSync(join(cwd, 'p/network.michelangelo.api/v1alpha1')), ['domainconfig']);
});

install('keeps what is not ours, unless it is forced', async () => {
  const path = `p/${inHome}/DomainConfig`;
  const cwd = folderWith({ [path]: '#!/bin/sh\n', [`p/${inHome}/mine.txt`]: 'text' });
  for (const words of [['install'], ['install', '--uninstall']]) {
    const { status, stdout, stderr } = await run([...words, '--to', 'p'], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, 'did not write, or that were changed since: DomainConfig');
    assert.is(readFileSync(join(cwd, path), 'utf8'), '#!/bin/sh\n');
  }
  assert.is((await run(['install', '--to', 'p', '--force'], { cwd })).status, 0);
  assert.ok(readFileSync(join(cwd, path)).length > 10_000);
  assert.is(readFileSync(join(cwd, `p/${inHome}/mine.txt`), 'utf8'), 'text');
});

install('--uninstall takes away what was installed and nothing else', async () => {
  const cwd = folderWith({ 'p/network.michelangelo.api/v1/other/Other': 'text' });
  await run(['install', '--to', 'p'], { cwd });
  const { status } = await run(['install', '--uninstall', '--to', 'p'], { cwd });
  assert.is(status, 0);
  assert.equal(readdirSync(join(cwd, 'p/network.michelangelo.api')), ['v1']);
  const again = await run(['install', '--uninstall', '--to', 'p'], { cwd });
  assert.is(again.status, 1);
  assert.match(again.stderr, 'nothing is installed');
});

install('hands on only what the build made', () => {
  const own = join(packageRoot, 'plugin', inHome);
  assert.equal(unsoundFiles(own), []);
  const cwd = temporaryFolder();
  cpSync(own, cwd, { recursive: true });
  writeFileSync(join(cwd, 'DomainConfig'), readFileSync(join(own, 'DomainConfig')).subarray(1));
  rmSync(join(cwd, 'README.md'));
  assert.equal(unsoundFiles(cwd), ['DomainConfig', 'README.md']);
  rmSync(join(cwd, 'SHA256SUMS'));
  assert.equal(unsoundFiles(cwd), ['SHA256SUMS']);
});

install("never touches this package's own plugin home", async () => {
  for (const flag of ['--force', '--uninstall']) {
    const words = ['install', flag, '--to', 'plugin'];
    const { status, stderr } = await run(words, { cwd: packageRoot });
    assert.is(status, 2);
    assert.match(stderr, 'is the plugin home of this package itself');
  }
});

install.run();
