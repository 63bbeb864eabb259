/** `ma-overlays new` as a person meets it: questions on a real terminal. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { installedCommandLine } from '../support/built-command-line.ts';
import { run } from '../support/command-line.ts';
import { bundled } from '../support/kustomize.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal } from './support/terminal.ts';
import { until } from './support/until.ts';

const launcher = await installedCommandLine();

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

terminals('asks for all that is open, and makes an environment that builds', async () => {
  const cwd = project();
  mkdirSync(join(cwd, 'overlays/taken'), { recursive: true });
  let again = '';
  await onTerminal(cwd, ['new'], async (terminal) => {
    await terminal.shows('Name of the environment');
    await terminal.type('taken');
    await terminal.press('Enter');
    await terminal.shows('overlays/taken exists already');
    await terminal.press('C-u');
    for (let index = 0; index < 5; index++) await terminal.press('BSpace');
    await terminal.type('eu');
    await terminal.press('Enter');
    await terminal.shows('Parent domain of the host names');
    await terminal.type('eu.ml.example.com');
    await terminal.press('Enter');
    await terminal.shows('Which hosts?');
    await terminal.shows('one-host: app.eu.ml.example.com for the page');
    await terminal.press('Down', 'Enter');
    await terminal.shows('Host of the page');
    await terminal.type('studio.eu.ml.example.com');
    await terminal.press('Enter');
    await terminal.shows('Who makes the certificates?');
    await terminal.press('Enter');
    await terminal.shows('Address that the certificate authority writes to');
    await terminal.type('a@example.com');
    await terminal.press('Enter');
    await terminal.shows('Which ACME server?');
    await terminal.press('Down', 'Enter');
    await terminal.shows('Public port (Enter for 443)');
    await terminal.type('70000');
    await terminal.press('Enter');
    await terminal.shows('65535');
    for (let index = 0; index < 5; index++) await terminal.press('BSpace');
    await terminal.type('8443');
    await terminal.press('Enter');
    await terminal.shows('What lets requests into the cluster?');
    const shown = await terminal.screen();
    assert.match(shown, /not these, with your answers: [^)]*cilium/);
    assert.not.match(shown, 'cilium: Cilium');
    // The first is the Gateway, the second ingress-nginx.
    await terminal.press('Down', 'Enter');
    await terminal.shows('made overlays/eu/');
    assert.is(await terminal.ended(), 0);
    const lines = (await terminal.screen()).split('the same answers:\n')[1] ?? '';
    // The terminal has 100 columns.
    again = lines.split('\n[ended')[0]?.replaceAll('\n', '').trim() ?? '';
  });
  const files = ['domain.yaml', 'kustomization.yaml'].map((name) => join(cwd, 'overlays/eu', name));
  const [config = '', kustomization = ''] = files.map((file) => readFileSync(file, 'utf8'));
  assert.match(config, '  domain: eu.ml.example.com\n');
  assert.match(config, '    ui: studio.eu.ml.example.com\n');
  assert.match(config, '  port: 8443\n');
  assert.match(config, '      server: staging\n');
  assert.match(config, '      controller: ingress-nginx\n');
  assert.match(kustomization, '  - ../../base/components/own-hosts\n');
  const words = again.split(' ').slice(2);
  const other = project();
  const repeated = await run([...words, '--kustomize', bundled.command], { cwd: other });
  assert.is(repeated.status, 0, `${again}\n${repeated.stderr}`);
  assert.is(readFileSync(join(other, 'overlays/eu/domain.yaml'), 'utf8'), config);
  assert.is(readFileSync(join(other, 'overlays/eu/kustomization.yaml'), 'utf8'), kustomization);
});

terminals('asks again after a bad answer, with what is wrong, and keeps the others', async () => {
  const cwd = project();
  const taken = [
    '--domain',
    'taken.example.com',
    '--tls-mode',
    'secret',
    '--controller',
    'contour',
  ];
  await run(['new', 'first', ...taken, '--kustomize', bundled.command], { cwd });
  const flags = ['--tls-mode', 'acme', '--controller', 'contour', '--layout', 'two-hosts'];
  await onTerminal(cwd, ['new', 'eu', ...flags, '--port', '8443'], async (terminal) => {
    await terminal.shows('Parent domain');
    await terminal.press('Enter');
    await terminal.shows('An answer is needed');
    await terminal.type('https://ML.example.com');
    await terminal.press('Enter');
    await terminal.shows('This is not a host name');
    await terminal.press('C-u');
    for (let index = 0; index < 25; index++) await terminal.press('BSpace');
    await terminal.type('taken.example.com');
    await terminal.press('Enter');
    await terminal.shows('overlays/first/domain.yaml is another environment');
    for (let index = 0; index < 25; index++) await terminal.press('BSpace');
    await terminal.type('ml.example.com');
    await terminal.press('Enter');
    await terminal.shows('Address that the certificate authority writes to');
    await terminal.type('nobody');
    await terminal.press('Enter');
    await terminal.shows('is not a mail address');
    await terminal.type('@example.com');
    await terminal.press('Enter');
    await terminal.shows('Which ACME server?');
    await terminal.press('Enter');
    assert.is(await terminal.ended(), 0);
  });
  const config = readFileSync(join(cwd, 'overlays/eu/domain.yaml'), 'utf8');
  assert.match(config, 'domain: ml.example.com\n');
  assert.match(config, 'email: nobody@example.com\n');
});

terminals('a base without entries of the page is taken as it is', async () => {
  const cwd = project();
  rmSync(join(cwd, 'base/components'), { recursive: true });
  const flags = ['--domain', 'a.example.com', '--tls-mode', 'secret', '--port', '8443'];
  await onTerminal(cwd, ['new', 'eu', ...flags], async (terminal) => {
    await terminal.shows('What lets requests into the cluster?');
    assert.not.match(await terminal.screen(), 'Which hosts?');
    await terminal.press('C-c');
    assert.is(await terminal.ended(), 1);
  });
  assert.equal(readdirSync(cwd).sort(), ['base', 'plugin']);
});

terminals('asks before it copies base and plugin into an empty folder', async () => {
  const cwd = temporaryFolder();
  const flags = [
    ...['--domain', 'a.example.com', '--tls-mode', 'secret', '--controller', 'contour'],
    ...['--layout', 'two-hosts', '--port', '443'],
  ];
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

for (const question of ['Parent domain', 'Which hosts?', 'Who makes the certificates?'])
  terminals(`Ctrl-C at "${question}" leaves nothing behind`, async () => {
    const cwd = project();
    await onTerminal(cwd, ['new', 'eu'], async (terminal) => {
      await terminal.shows('Parent domain');
      if (question !== 'Parent domain') {
        await terminal.type('ml.example.com');
        await terminal.press('Enter');
        await terminal.shows('Which hosts?');
        if (question !== 'Which hosts?') await terminal.press('Enter');
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
  const more = ['--layout', 'two-hosts', '--port', '443'];
  const words = ['new', 'eu', '--with-base', '--kustomize', slow, ...flags, ...more];
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
