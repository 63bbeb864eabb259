/** Overlays elsewhere than in `overlays/`, on each verb that looks for them or makes them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot, schemaPath } from '../../src/build/paths.ts';
import { listOverlays } from '../../src/cli/overlays.ts';
import { overlaysFolder } from '../../src/cli/overlays-folder.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith } from '../support/temporary.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const given = ['--domain', 'eu.ml.example.com', '--tls-mode', 'secret', '--controller', 'traefik'];
const said = (dir: unknown) => JSON.stringify({ 'ma-overlays': dir });

/** A project that has base and overlays below `deploy`. */
function elsewhere(): string {
  const cwd = projectWith({ one: {}, two: {} });
  mkdirSync(join(cwd, 'deploy'));
  renameSync(join(cwd, 'base'), join(cwd, 'deploy/base'));
  renameSync(join(cwd, 'overlays'), join(cwd, 'deploy/environments'));
  return cwd;
}

const folder = suite('the folder of overlays');

folder('is overlays, what package.json says, or what --dir says', () => {
  assert.is(overlaysFolder(folderWith({})), 'overlays');
  assert.is(overlaysFolder(folderWith({ 'package.json': '{"name": "x"}' })), 'overlays');
  const cwd = folderWith({ 'package.json': `\uFEFF${said({ dir: './deploy//env/' })}` });
  assert.is(overlaysFolder(cwd), 'deploy/env');
  assert.is(overlaysFolder(cwd, 'other'), 'other');
  assert.is(overlaysFolder(cwd, '.'), '.');
  assert.is(overlaysFolder(cwd, join(cwd, 'x')), 'x');
});

for (const [what, text, message] of [
  ['a folder outside', said({ dir: '../x' }), 'is not a folder in the working directory'],
  ['no folder', said({ dir: '' }), 'is not a folder in the working directory'],
  ['a list', said({ dir: ['x'] }), 'is not a map with one key'],
  ['a misspelt key', said({ folder: 'x' }), 'is not a map with one key'],
  ['a key more', said({ dir: 'x', base: 'y' }), 'is not a map with one key'],
  ['a string', said('x'), 'is not a map with one key'],
  ['no JSON', '{', 'package.json is not JSON'],
] as const)
  folder(`package.json with ${what} is refused`, async () => {
    const cwd = folderWith({ 'package.json': text, 'overlays/a/kustomization.yaml': '' });
    const { status, stderr } = await run(['check', '--all'], { cwd });
    assert.is(status, 2);
    assert.match(stderr, message);
  });

folder('--dir without anything that looks there is refused', async () => {
  for (const verb of ['render', 'check']) {
    const { status, stderr } = await run([verb, 'x', '--dir', 'deploy'], { cwd: folderWith({}) });
    assert.is(status, 2);
    assert.match(stderr, 'says where --all looks, and there is no --all');
  }
});

folder('an empty one is named', async () => {
  for (const verb of ['render', 'check']) {
    const { status, stderr } = await run([verb, '--all', '--dir', 'env'], { cwd: folderWith({}) });
    assert.is(status, 2);
    assert.match(stderr, 'there is no overlay in env/');
  }
});

folder('the project itself can be it', () => {
  const cwd = folderWith({ 'a/kustomization.yaml': '', 'b/x.yaml': '' });
  assert.equal(listOverlays(cwd, '.'), ['a']);
});

folder('render and check take every overlay of it', async () => {
  const cwd = elsewhere();
  const dir = ['--all', '--dir', 'deploy/environments', ...withBundled];
  const rendered = await run(['render', ...dir, '--out', 'rendered'], { cwd });
  assert.is(rendered.status, 0, rendered.stderr);
  assert.equal(readdirSync(join(cwd, 'rendered')).sort(), [
    '.rendered-by-ma-overlays',
    'one',
    'two',
  ]);
  const { stdout } = await run(['check', ...dir, '--format', 'json'], { cwd });
  assert.match(stdout, '"deploy/environments/one"');
});

folder('new makes the environment there, and says so wherever it names it', async () => {
  const cwd = elsewhere();
  const dir = ['--dir', 'deploy/environments'];
  const words = ['new', 'eu', ...given, '--from', 'one', ...dir, ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.match(stdout, 'made deploy/environments/eu/');
  assert.match(stdout, 'git add deploy/environments/eu\n');
  assert.match(stdout, 'npx ma-overlays render deploy/environments/eu |');
  assert.match(stdout, ' --dir deploy/environments ');
  assert.not.ok(existsSync(join(cwd, 'overlays')));
  assert.not.match(stdout + stderr, /(?<!\/)overlays\/eu|\.ma-overlays-new/);
  const again = await run(words, { cwd });
  assert.is(again.status, 2);
  assert.match(again.stderr, 'deploy/environments/eu exists already');
});

folder('an overlay is proposed by its path there', async () => {
  const cwd = folderWith({
    'package.json': said({ dir: 'env' }),
    'env/one/kustomization.yaml': '',
  });
  const { status, stderr } = await run(['render', 'one'], { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'give its path: env/one');
});

folder('--with-base copies the base alone where node_modules has the package', async () => {
  const cwd = folderWith({ 'package.json': said({ dir: 'deploy/env' }) });
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(packageRoot, join(cwd, 'node_modules/ma-overlays'));
  const words = ['new', 'eu', ...given, '--with-base', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.equal(readdirSync(cwd).sort(), ['base', 'deploy', 'node_modules', 'package.json']);
  assert.match(stdout, 'git add base deploy/env/eu\n');
  const kept = (path: string) => readFileSync(join(cwd, 'deploy/env/eu', path), 'utf8');
  assert.match(kept('domain.yaml'), `$schema=../../../node_modules/ma-overlays/${schemaPath}\n`);
  assert.match(kept('kustomization.yaml'), '- ../../../base\n');
});

folder.run();
