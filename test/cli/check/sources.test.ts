import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/build/paths.ts';
import { run } from '../../support/command-line.ts';
import { rememberingKustomize } from '../../support/kustomize.ts';
import { folderWith } from '../../support/temporary.ts';

const sound = readFileSync(join(packageRoot, 'test/checks/foreign/sound.yaml'), 'utf8');
const [first = '', ...others] = sound.split('\n---\n');
const sources = suite('check/sources');
const kustomize = ['--kustomize', rememberingKustomize()];

sources('reads the manifests of a folder as one stream, as kubectl does', async () => {
  const cwd = folderWith({
    'plain/a.yaml': `${first}\n`,
    'plain/b.yml': `${others.join('\n---\n')}\n`,
    'plain/notes.txt': 'not: [yaml',
    'plain/more/c.yaml': 'not: [yaml',
  });
  const whole = await run(['check', '-'], { cwd, stdin: sound });
  const { status, stdout } = await run(['check', 'plain'], { cwd });
  assert.is(status, 0);
  assert.is(
    stdout.replace(/plain\/[ab]\.ya?ml:\d+:\d+, /g, ''),
    whole.stdout.replace('standard input', 'plain'),
  );
  const below = await run(['check', 'plain', '-R'], { cwd });
  assert.is(below.status, 1);
  assert.match(below.stdout, /\nplain: 1 error/);
});

sources('says the line of each finding in the file that it is in', async () => {
  const files = {
    'plain/a.yaml': `# A note\n${first}\n`,
    'plain/b.yml': `${others.join('\n---\n')}\n`,
  };
  const cwd = folderWith(files);
  const { stdout } = await run(['check', 'plain', '--format', 'json'], { cwd });
  const [{ findings }] = JSON.parse(stdout).inputs;
  assert.ok(findings.length > 0);
  for (const { file, line, resource } of findings) {
    const lines = files[file as keyof typeof files].split('\n');
    const document =
      lines
        .slice(line - 1)
        .join('\n')
        .split('\n---')[0] ?? '';
    assert.match(document, `name: ${resource.name}`);
  }
});

sources('a folder without manifests is an error that says what is there', async () => {
  const cwd = folderWith({
    'empty/notes.txt': '',
    'deep/more/c.yaml': sound,
    'envs/a/kustomization.yaml': 'resources: []\n',
  });
  for (const [word, fix] of [
    ['empty', 'no manifest (*.yaml, *.yml, *.json)'],
    ['deep', '--recursive reads the 1 file in the folders below it'],
    ['envs', 'name the overlays in it: envs/a'],
  ] as const) {
    const { status, stdout, stderr } = await run(['check', word], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, `${word} has no kustomization.yaml`);
    assert.match(stderr, fix);
  }
});

sources('a file of an overlay that is no manifest stands for its folder', async () => {
  const domain = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';
  const cwd = folderWith({
    'a/kustomization.yaml': 'kind: Kustomization\nresources: [sound.yaml]\n',
    'a/domain.yaml': domain,
    'a/environment.yaml': 'cluster: eu\n',
    'a/sound.yaml': sound,
    'b/domain.yaml': domain,
    'b/environment.yaml': 'cluster: eu\n',
  });
  for (const name of ['kustomization.yaml', 'domain.yaml', 'environment.yaml']) {
    const { status, stderr } = await run(['check', `a/${name}`], { cwd });
    assert.is(status, 2);
    assert.match(stderr, `a/${name} is a file, not the folder of an overlay`);
    assert.match(stderr, 'give its folder: a\n');
  }
  for (const word of ['a/sound.yaml', 'b/domain.yaml', 'b/environment.yaml'])
    assert.is.not((await run(['check', word], { cwd })).status, 2);
});

sources('files that are no manifests make no folder of manifests', async () => {
  const cwd = folderWith({
    'package.json': '{"name": "x"}',
    'overlays/a/kustomization.yaml': '',
    'base/kustomization.yaml': '',
    'broken/a.yaml': 'a: [',
    'none/a.yaml': 'a: b',
    'none/below/b.yaml': 'a: b',
  });
  for (const [word, found, fix] of [
    ['.', 'package.json', 'name the overlays in it: overlays/a\n'],
    ['none', 'none/a.yaml', '--recursive reads the 1 file in the folders below it\n'],
  ] as const) {
    const { status, stderr } = await run(['check', word], { cwd });
    assert.is(status, 2);
    assert.match(stderr, `${word} has no kustomization.yaml, and no manifest in ${found}\n`);
    assert.match(stderr, fix);
  }
  const { stderr } = await run(['check', 'none', '-R'], { cwd });
  assert.match(stderr, 'fix       name overlays, folders or files of manifests, or - for standard');
  assert.is((await run(['check', 'broken'], { cwd })).status, 1);
});

sources('--since alone names what is missing', async () => {
  const { status, stderr } = await run(['check', '--since', 'main'], { cwd: folderWith({}) });
  assert.is(status, 2);
  assert.match(stderr, 'add --all');
});

sources('an overlay inside a folder of manifests is said not to be read', async () => {
  const cwd = folderWith({
    'all/a/sound.yaml': sound,
    'all/b/kustomization.yaml': 'resources: []\n',
    'all/.git/config.yaml': 'not: [yaml',
  });
  const { status, stderr } = await run(['check', 'all', '-R'], { cwd });
  assert.is(status, 0);
  assert.is(stderr, 'all: 1 overlay in it not read, name them to build them: all/b\n');
});

sources('--all takes every overlay in overlays/', async () => {
  const overlay = 'resources: [chart.yaml]\n';
  const cwd = folderWith({
    'overlays/a/kustomization.yaml': overlay,
    'overlays/a/chart.yaml': sound,
    'overlays/b/kustomization.yaml': 'resources: [missing.yaml]\n',
    'more.yaml': sound,
  });
  const { status, stdout } = await run(['check', '--all', 'more.yaml', ...kustomize], { cwd });
  assert.is(status, 1);
  assert.match(stdout, /\n3 checked: 1 error.* 1 not built/);
  const twice = await run(['check', '--all', 'overlays/a/', ...kustomize], { cwd });
  assert.is(twice.status, 2);
  assert.match(twice.stderr, 'overlays/a/ is given twice');
  const none = await run(['check', '--all'], { cwd: folderWith({}) });
  assert.is(none.status, 2);
  assert.match(none.stderr, 'there is no overlay in overlays/');
});

sources('--severity error hides warnings, and --strict counts them all the same', async () => {
  const cwd = folderWith({ 'a.yaml': sound });
  const shown = await run(['check', 'a.yaml'], { cwd });
  assert.match(shown.stdout, /^warning: /m);
  const hidden = await run(['check', 'a.yaml', '--severity', 'error'], { cwd });
  assert.is(hidden.status, 0);
  assert.match(hidden.stdout, /^a\.yaml: no error, \d+ warnings? not shown\n$/);
  const strict = await run(['check', 'a.yaml', '--severity', 'error', '--strict'], { cwd });
  assert.is(strict.status, 1);
});

sources('--explain prints one code, and the one that was probably meant', async () => {
  const cwd = folderWith({});
  const { status, stdout } = await run(['check', '--explain', 'grpc-over-http1'], { cwd });
  assert.is(status, 0);
  for (const part of ['[grpc-over-http1]', 'why ', 'fix ', 'accept ', 'docs/checks.md#grpc-over'])
    assert.match(stdout, part);
  const near = await run(['check', '--explain', 'grpc-over-htp1'], { cwd });
  assert.is(near.status, 2);
  assert.match(near.stderr, 'write grpc-over-http1');
  assert.is((await run(['check', '--explain', 'constructor'], { cwd })).status, 2);
  assert.is((await run(['check', '-', '--explain', 'ui-url'], { cwd })).status, 2);
});

sources.run();
