import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../src/cli/io.ts';
import { touchedSince } from '../../src/cli/since.ts';
import { run } from '../support/command-line.ts';
import { folderWith } from '../support/temporary.ts';

const lock = (version: string, other: string) =>
  JSON.stringify({
    packages: { 'node_modules/ma-overlays': { version }, 'node_modules/x': { version: other } },
  });

const files = {
  'base/kustomization.yaml': 'resources: [a.yaml, more/b.yaml]\n',
  'base/a.yaml': 'kind: A\n',
  'base/more/b.yaml': 'kind: B\n',
  'base/notes.md': 'of no consequence',
  'components/tls/kustomization.yaml': 'kind: Component\npatches: [{path: tls.yaml}]\n',
  'components/tls/tls.yaml': 'kind: A\n',
  'common/config.yaml': 'a: 1\n',
  'overlays/dev/kustomization.yaml':
    'resources: [../../base]\ntransformers: [domain.yaml, ../../plugins]\n',
  'plugins/kustomization.yaml': 'resources: [patch.yaml]\ntransformers: [../plugins]\n',
  'plugins/patch.yaml':
    'kind: A\n---\napiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\npath: ../../common/dev.yaml\n',
  'common/dev.yaml': 'kind: A\n',
  'overlays/dev/domain.yaml': 'kind: DomainConfig\n',
  'overlays/production/kustomization.yaml':
    'resources: [../../base]\ncomponents: [../../components/tls]\nconfigMapGenerator: [{name: c, files: [key=../../common/config.yaml]}]\ntransformers: [rename.yaml]\n',
  'overlays/production/rename.yaml':
    'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\npath: ../../common/patch.yaml\n',
  'common/patch.yaml': 'kind: A\n',
  'package-lock.json': lock('1', '1'),
};
const DEV = ['overlays/dev'];
const PRODUCTION = ['overlays/production'];
const BOTH = [...DEV, ...PRODUCTION];

function repository(more: Readonly<Record<string, string>> = {}): string {
  const cwd = folderWith({ ...files, ...more });
  const git = (...words: string[]) => execFileSync('git', words, { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'a');
  return cwd;
}

async function touched(cwd: string, since = 'HEAD', more = {}) {
  const stderr = new PassThrough();
  const io = { cwd, env: process.env, stderr } as unknown as Io;
  const overlays = await touchedSince(BOTH, { since, ...more }, io);
  return { overlays, said: String(stderr.read() ?? '') };
}

const since = suite('--since');

since('takes overlays that are built from what changed, committed or not', async () => {
  const cwd = repository();
  const { overlays, said } = await touched(cwd);
  assert.equal(overlays, []);
  assert.match(said, /^2 of 2 overlays left out: not changed since HEAD \([0-9a-f]{8}\)\n$/);
  const rows: [path: string, text: string | undefined, expected: readonly string[]][] = [
    ['base/notes.md', 'others', []],
    ['base/new.yaml', 'kind: A\n', []],
    ['base/a.yaml', 'kind: C\n', BOTH],
    ['base/more/b.yaml', undefined, BOTH],
    ['components/tls/tls.yaml', 'kind: C\n', PRODUCTION],
    ['common/config.yaml', 'a: 2\n', PRODUCTION],
    ['common/patch.yaml', 'kind: C\n', PRODUCTION],
    ['common/dev.yaml', 'kind: C\n', DEV],
    ['overlays/dev/domain.yaml', 'kind: Other\n', DEV],
    ['overlays/dev/new.yaml', 'kind: A\n', DEV],
    ['overlays/production/kustomization.yaml', 'resources: [[', PRODUCTION],
    ['package-lock.json', lock('1', '2'), []],
    ['package-lock.json', lock('2', '1'), BOTH],
    ['.tool-versions', 'kustomize 5.8.2\n', BOTH],
    ['home/DomainConfig', 'new', BOTH],
  ];
  for (const [path, text, expected] of rows) {
    const file = join(cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    assert.equal((await touched(cwd, 'HEAD', { pluginHome: 'home' })).overlays, expected, path);
    const before = (files as Record<string, string>)[path];
    if (before === undefined) rmSync(file);
    else writeFileSync(file, before);
  }
});

since('says what is missing where there is no such commit, or no repository', async () => {
  const cwd = repository();
  const empty = folderWith(files);
  execFileSync('git', ['init', '--quiet'], { cwd: empty });
  for (const [folder, ref, message] of [
    [cwd, 'nowhere', /--since nowhere is not a commit of.*git fetch/s],
    [empty, 'HEAD', /there is no commit here yet: make the first one/],
    [folderWith(files), 'HEAD', /is not in a work tree of git/],
  ] as const) {
    const { status, stderr } = await run(['render', '--all', '--since', ref], { cwd: folder });
    assert.is(status, 2);
    assert.match(stderr, message);
  }
});

since('where nothing changed, every verb is content', async () => {
  const cwd = repository();
  for (const verb of [['render'], ['check'], ['report']]) {
    const { status, stderr } = await run([...verb, ...BOTH, '--since', 'HEAD'], { cwd });
    assert.is(status, 0, verb[0]);
    assert.match(stderr, '2 of 2 overlays left out');
  }
  for (const words of [
    ['report', '--all'],
    ['diff', 'HEAD'],
  ]) {
    const { status, stderr } = await run([...words, '--since', 'HEAD'], { cwd });
    assert.is(status, 0, words[0]);
    assert.match(stderr, '2 of 2 overlays left out');
  }
  const { stdout } = await run(['check', ...BOTH, '--since', 'HEAD'], { cwd });
  assert.is(stdout, '0 checked: no error\n');
});

since.run();
