/** `ma-overlays new` as a person meets it: questions on a real terminal. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleCommandLine } from '../../src/build/bundle.ts';
import { packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { bundled } from '../support/kustomize.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal } from './support/terminal.ts';
import { until } from './support/until.ts';

/** The package as it is now, whatever lies in dist/. */
const home = await packageCopy();
const launcher = join(home, 'src/cli/ma-overlays.js');

async function packageCopy(): Promise<string> {
  const folder = temporaryFolder();
  for (const path of ['base', 'plugin', 'package.json', 'src/cli/ma-overlays.js'])
    cpSync(join(packageRoot, path), join(folder, path), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/cli.js'), await bundleCommandLine());
  return folder;
}

/** A project with a base, as in a clone. */
function project(): string {
  const folder = temporaryFolder();
  for (const name of ['base', 'plugin'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  return folder;
}

async function onTerminal(
  cwd: string,
  words: readonly string[],
  talk: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const command = [process.execPath, launcher, ...words];
  const terminal = await openTerminal(command, cwd, { KUSTOMIZE: bundled.command });
  try {
    await talk(terminal);
  } finally {
    await terminal.close();
  }
}

const terminals = suite('new on a terminal');

terminals('asks three questions and makes an environment that builds', async () => {
  const cwd = project();
  await onTerminal(cwd, ['new', 'eu'], async (terminal) => {
    await terminal.shows('Parent domain of the two host names');
    await terminal.type('eu.ml.example.com');
    await terminal.press('Enter');
    await terminal.shows('Who makes the certificates?');
    // secret
    await terminal.press('Down', 'Down', 'Down', 'Enter');
    await terminal.shows('What lets requests into the cluster?');
    // The first is the Gateway, the fifth Contour.
    await terminal.press('Down', 'Down', 'Down', 'Down', 'Enter');
    await terminal.shows('made overlays/eu/');
    assert.is(await terminal.ended(), 0);
  });
  const config = readFileSync(join(cwd, 'overlays/eu/domain.yaml'), 'utf8');
  assert.match(config, '  domain: eu.ml.example.com\n');
  assert.match(config, '    mode: secret\n');
  assert.match(config, '      controller: contour\n');
  const words = ['render', 'overlays/eu', '--kustomize', bundled.command];
  assert.is((await run(words, { cwd })).status, 0);
});

terminals('asks again after a bad answer, with what is wrong', async () => {
  const cwd = project();
  await onTerminal(
    cwd,
    ['new', 'eu', '--tls-mode', 'acme', '--controller', 'contour'],
    async (terminal) => {
      await terminal.shows('Parent domain');
      await terminal.press('Enter');
      await terminal.shows('An answer is needed');
      await terminal.type('https://ML.example.com');
      await terminal.press('Enter');
      await terminal.shows('This is not a host name');
      await terminal.press('C-u');
      for (let index = 0; index < 25; index++) await terminal.press('BSpace');
      await terminal.type('ml.example.com');
      await terminal.press('Enter');
      await terminal.shows('Address that the certificate authority writes to');
      await terminal.type('nobody');
      await terminal.press('Enter');
      await terminal.shows('is not a mail address');
      await terminal.type('@example.com');
      await terminal.press('Enter');
      assert.is(await terminal.ended(), 0);
    },
  );
  const config = readFileSync(join(cwd, 'overlays/eu/domain.yaml'), 'utf8');
  assert.match(config, 'domain: ml.example.com\n');
  assert.match(config, 'email: nobody@example.com\n');
});

terminals('asks before it copies base and plugin into an empty folder', async () => {
  const cwd = temporaryFolder();
  const flags = ['--domain', 'a.example.com', '--tls-mode', 'secret', '--controller', 'contour'];
  await onTerminal(cwd, ['new', 'eu', ...flags], async (terminal) => {
    await terminal.shows('Copy base/ and plugin/ into this folder?');
    await terminal.type('n');
    assert.is(await terminal.ended(), 2);
  });
  assert.equal(readdirSync(cwd), []);
  await onTerminal(cwd, ['new', 'eu', ...flags], async (terminal) => {
    await terminal.shows('Copy base/ and plugin/ into this folder?');
    await terminal.press('Enter');
    assert.is(await terminal.ended(), 0);
  });
  assert.equal(readdirSync(cwd).sort(), ['base', 'overlays', 'plugin']);
});

for (const question of ['Parent domain', 'Who makes the certificates?'])
  terminals(`Ctrl-C at "${question}" leaves nothing behind`, async () => {
    const cwd = project();
    await onTerminal(cwd, ['new', 'eu'], async (terminal) => {
      await terminal.shows('Parent domain');
      if (question !== 'Parent domain') {
        await terminal.type('ml.example.com');
        await terminal.press('Enter');
        await terminal.shows(question);
      }
      await terminal.press('C-c');
      assert.is(await terminal.ended(), 1);
      assert.match(await terminal.screen(), 'interrupted: nothing was written');
    });
    assert.equal(readdirSync(cwd).sort(), ['base', 'plugin']);
  });

terminals('Ctrl-C during the build leaves nothing behind', async () => {
  const cwd = temporaryFolder();
  const slow = join(temporaryFolder(), 'slow');
  writeFileSync(slow, '#!/bin/sh\ncase "$1" in version) echo v5.0.0;; *) sleep 100;; esac\n', {
    mode: 0o755,
  });
  const flags = ['--domain', 'a.example.com', '--tls-mode', 'secret', '--controller', 'contour'];
  const words = ['new', 'eu', '--with-base', '--kustomize', slow, ...flags];
  await onTerminal(cwd, words, async (terminal) => {
    await until('the draft', () => existsSync(join(cwd, 'overlays')) || undefined);
    // Base and plugin are in the draft until the environment is whole.
    const [draft = '', ...others] = readdirSync(cwd).sort();
    assert.match(draft, /^\.ma-overlays-new-/);
    assert.equal(others, ['overlays']);
    await terminal.press('C-c');
    await until('an empty folder', () => readdirSync(cwd).length === 0 || undefined);
  });
});

terminals.run();

const progress = suite('render on a terminal');

progress('says how far it is, and leaves a clean screen', async () => {
  const cwd = project();
  cpSync(join(packageRoot, 'overlays'), join(cwd, 'overlays'), { recursive: true });
  await onTerminal(cwd, ['render', '--all', '--out', 'out'], async (terminal) => {
    await terminal.shows(' built, building overlays/');
    assert.is(await terminal.ended(), 0);
    assert.not.match(await terminal.screen(), 'building');
  });
});

progress.run();
