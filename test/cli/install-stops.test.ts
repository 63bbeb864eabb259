/** `install` that is killed, refused by the disk, run twice at once, or under a narrow umask. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { KILL, runStepped } from '../support/stepped.ts';
import { someSteps } from '../support/steps.ts';
import { folderWith } from '../support/temporary.ts';

const inHome = 'p/network.michelangelo.api/v1alpha1/domainconfig';
const words = ['install', '--to', 'p', '--force'];
const FILES = [
  'DomainConfig',
  'DomainConfig.cdx.json',
  'README.md',
  'SHA256SUMS',
  'THIRD-PARTY-NOTICES',
  'domain-config.schema.json',
  'installed-by-ma-overlays.json',
  'package.json',
];
/** An older plugin, and two files of the user's. */
const project = () =>
  folderWith({
    [`${inHome}/DomainConfig`]: '#!/bin/sh\n',
    [`${inHome}/README.md`]: 'old',
    [`${inHome}/mine.txt`]: 'mine',
    [`${inHome}/deep/mine.txt`]: 'mine',
  });
const bundle = readFileSync(join(packageRoot, bundlePath), 'utf8');

const stops = suite('install, stopped');

async function stepsOf(): Promise<number> {
  const { steps, stderr } = await runStepped({ words, folder: project() });
  assert.ok(steps > 20, stderr);
  return steps;
}

/** Every file is the old one or the new one, and the user's are there. */
function requireWhole(folder: string, step: number): void {
  const text = (name: string) => readFileSync(join(folder, inHome, name), 'utf8');
  assert.ok(['#!/bin/sh\n', bundle].includes(text('DomainConfig')), `step ${step}`);
  const readme = readFileSync(join(packageRoot, 'plugin', inHome.slice(2), 'README.md'), 'utf8');
  assert.ok(['old', readme].includes(text('README.md')), `step ${step}`);
  assert.is(text('mine.txt'), 'mine');
  assert.is(text('deep/mine.txt'), 'mine');
  assert.is(statSync(join(folder, inHome, 'DomainConfig')).mode & 0o777, 0o755);
}

stops('leaves whole files, also those of the user, whenever it is killed', async () => {
  const steps = await stepsOf();
  for (const at of someSteps(steps)) {
    const folder = project();
    const { signal } = await runStepped({ words, folder, at, command: KILL });
    assert.is(signal, 'SIGKILL', `step ${at}`);
    requireWhole(folder, at);
    const next = await runStepped({ words, folder });
    assert.is(next.status, 0, next.stderr);
    if (/up to date/.test(next.stdout)) continue;
    assert.equal(readdirSync(join(folder, inHome)).sort(), [...FILES, 'deep', 'mine.txt'].sort());
    assert.is(readFileSync(join(folder, inHome, 'DomainConfig'), 'utf8'), bundle);
  }
});

stops('says what the disk refuses at any step, and leaves no draft', async () => {
  const steps = await stepsOf();
  for (const at of someSteps(steps)) {
    const folder = project();
    const { status, stdout, stderr } = await runStepped({ words, folder, at, fail: 'ENOSPC' });
    assert.is(status, 1, `step ${at}`);
    assert.is(stdout, '');
    assert.match(stderr, /domainconfig cannot be changed: .*the disk is full \(ENOSPC\)\n {2}fix/);
    requireWhole(folder, at);
    assert.equal(
      readdirSync(join(folder, inHome)).filter((name) => name.startsWith('.')),
      [],
    );
  }
});

stops('run twice at once it is installed once', async () => {
  const folder = project();
  const all = await Promise.all([1, 2, 3].map(() => runStepped({ words, folder })));
  for (const { status, stderr } of all) assert.is(status, 0, stderr);
  assert.equal(readdirSync(join(folder, inHome)).sort(), [...FILES, 'deep', 'mine.txt'].sort());
  assert.match((await runStepped({ words, folder })).stdout, 'is up to date');
});

stops(
  'every user can read it, whatever the umask; folders that were there stay as they are',
  async () => {
    const folder = folderWith({ 'p/mine.txt': '' });
    chmodSync(join(folder, 'p'), 0o750);
    const { status } = await runStepped({ words, folder, before: 'umask 077' });
    assert.is(status, 0);
    assert.is(statSync(join(folder, 'p')).mode & 0o777, 0o750);
    let path = join(folder, 'p');
    for (const part of inHome.split('/').slice(1)) {
      path = join(path, part);
      assert.is(statSync(path).mode & 0o777, 0o755);
    }
    for (const name of FILES)
      assert.is(statSync(join(path, name)).mode & 0o777, name === 'DomainConfig' ? 0o755 : 0o644);
  },
);

stops.run();

const shapes = suite('install, over what is there');

shapes(
  'a link or a folder under our names is not ours, and a folder is never removed',
  async () => {
    for (const [command, kind] of [
      ['ln -s ../../../../elsewhere DomainConfig', 'link'],
      ['ln -s /dev/zero README.md', 'link'],
      ['mkfifo package.json', 'FIFO'],
      ['mkdir -p DomainConfig/mine', 'folder'],
      ['mkdir -p installed-by-ma-overlays.json', 'folder'],
    ] as const) {
      const folder = folderWith({ elsewhere: 'mine' });
      const target = join(folder, inHome);
      mkdirSync(target, { recursive: true });
      await execa('sh', ['-c', command], { cwd: target });
      const [name = ''] = readdirSync(target);
      for (const verb of [['install'], ['install', '--uninstall']]) {
        const refused = await run([...verb, '--to', 'p'], { cwd: folder });
        assert.is(refused.status, 2);
        assert.match(refused.stderr, `did not write, or that were changed since: ${name}\n`);
        assert.equal(readdirSync(target), [name]);
      }
      const forced = await run(words, { cwd: folder });
      assert.is(forced.status, kind === 'folder' ? 2 : 0, forced.stderr);
      if (kind === 'folder') {
        assert.match(forced.stderr, 'is a folder, which --force does not remove');
        assert.is((await run([...words, '--uninstall'], { cwd: folder })).status, 2);
        assert.equal(readdirSync(target), [name]);
      } else assert.ok(lstatSync(join(target, name)).isFile());
      assert.is(readFileSync(join(folder, 'elsewhere'), 'utf8'), 'mine');
    }
  },
);

shapes('goes through a link to a folder, and refuses what is not a folder', async () => {
  const folder = folderWith({ 'elsewhere/mine.txt': 'mine', file: '' });
  const above = join(folder, 'p/network.michelangelo.api/v1alpha1');
  mkdirSync(above, { recursive: true });
  await execa('ln', ['-s', '../../../elsewhere', join(above, 'domainconfig')]);
  assert.is((await run(['install', '--to', 'p'], { cwd: folder })).status, 0);
  assert.ok(lstatSync(join(above, 'domainconfig')).isSymbolicLink());
  assert.equal(readdirSync(join(folder, 'elsewhere')).sort(), [...FILES, 'mine.txt'].sort());
  await execa('ln', ['-sfn', 'nowhere', join(above, 'domainconfig')]);
  const lost = await run(['install', '--to', 'p'], { cwd: folder });
  assert.is(lost.status, 2);
  assert.match(lost.stderr, 'domainconfig is not a folder');
  const file = await run(['install', '--to', 'file'], { cwd: folder });
  assert.is(file.status, 2);
  assert.match(file.stderr, 'a part of its path is a file (ENOTDIR)');
});

shapes.run();
