import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentText, readEnvironment } from '../../src/cli/environment-file.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith } from '../support/temporary.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const sound = {
  cluster: 'eu-1',
  namespace: 'michelangelo',
  stage: 'canary',
  sync: 'auto',
} as const;
const texts = suite('the text of an environment');

texts('says what it was made of, to our reader as well', () => {
  const text = environmentText(sound, '../schema.json');
  assert.match(text, /^# yaml-language-server: \$schema=\.\.\/schema\.json\n/);
  assert.equal(readEnvironment(text, 'x').environment, sound);
  // Texts that YAML takes for something else.
  const odd = { ...sound, cluster: '007', stage: 'no' };
  assert.equal(readEnvironment(environmentText(odd, undefined), 'x').environment, odd);
});

/** What is wrong with a file, and each message with its line. */
const faults: [text: string, found: RegExp[]][] = [
  [
    'cluster: a\nnamespace: b\nstage: c\nsync: auto\nstages: d\n',
    [/5: `stages` is not a key.*write `stage` instead/],
  ],
  [
    'cluster: a\nnamespace: b\nstage: c\n# ArgoCD\nsync: Auto\n',
    [/5: `sync` has a value.*"Auto".*`auto` or `manual`/],
  ],
  ['cluster: a\nsync: auto\n', [/`namespace` is missing/, /`stage` is missing/]],
  [
    'cluster: 1\nnamespace: b_c\nstage: on\nsync: auto\n',
    [/1: `cluster`.*found 1/, /2: `namespace`.*"b_c"/, /3: `stage`.*found true/],
  ],
  ['cluster: a b\nnamespace: b\nstage: c\nsync: auto\n', [/1: `cluster`.*"a b"/]],
  ['cluster: a\n\tstage: c\n', [/2: the environment is not well-formed YAML/]],
  [
    'cluster: a\nnamespace: b\nstage: c\nsync: auto\nconstructor: d\n',
    [/5: `constructor` is not a key/],
  ],
  ['- cluster: a\n', [/is not a map/]],
  ['', [/is not a map/]],
];
for (const [text, wanted] of faults)
  texts(`names what is wrong: ${JSON.stringify(text)}`, () => {
    const { environment, problems } = readEnvironment(text, 'environment.yaml');
    assert.is(environment, undefined);
    const said = problems.map(
      ({ line, message, found, expected, fix }) =>
        `${line}: ${message}; found ${found}; ${expected}; ${fix}`,
    );
    assert.is(said.length, wanted.length, said.join('\n'));
    for (const [index, pattern] of wanted.entries()) assert.match(said[index] ?? '', pattern);
  });
texts.run();

const overlays = suite('an overlay with an environment');
const projectOf = (text: string) =>
  projectWith({ production: { files: { 'environment.yaml': text } } });

overlays('is not rendered while its file is wrong', async () => {
  const cwd = projectOf(environmentText(sound, undefined).replace('stage:', 'stages:'));
  const { status, stdout, stderr } = await run(['render', 'overlays/production', ...withBundled], {
    cwd,
  });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, '`stages` is not a key of an environment [environment-file]');
  assert.match(stderr, 'overlays/production/environment.yaml:7:1');
  assert.match(stderr, '`stage` is missing');
});

overlays(
  'is not rendered while its file cannot be read, and nothing behind a link is shown',
  async () => {
    const outside = folderWith({ token: 'canary-71d0' });
    const cwd = projectWith({ production: {} });
    const path = join(cwd, 'overlays/production/environment.yaml');
    for (const make of [
      () => symlinkSync(join(outside, 'token'), path),
      () => symlinkSync('nowhere', path),
      () => mkdirSync(path),
    ]) {
      rmSync(path, { force: true });
      make();
      const words = ['render', 'overlays/production', ...withBundled];
      const { status, stdout, stderr } = await run(words, { cwd });
      assert.equal([status, stdout], [1, '']);
      assert.match(stderr, '[environment-file]');
      assert.not.match(stderr, 'canary');
    }
  },
);

overlays('gets a warning where nothing is in its namespace', async () => {
  const text = environmentText({ ...sound, namespace: 'elsewhere' }, undefined);
  const words = ['render', 'overlays/production', ...withBundled];
  const wrong = await run(words, { cwd: projectOf(text) });
  assert.is(wrong.status, 0);
  assert.match(
    wrong.stderr,
    /no resource of .* is in namespace elsewhere \[environment-namespace\]/,
  );
  const right = await run(words, { cwd: projectOf(environmentText(sound, undefined)) });
  assert.is(right.status, 0);
  assert.is(right.stderr, '');
});

overlays('gets none where no resource says where it is: the Application does', async () => {
  const files = { 'environment.yaml': environmentText(sound, undefined) };
  const kustomization = 'resources: [../../base]\ntransformers: [domain.yaml]\n';
  const cwd = projectWith({ production: { kustomization, files } });
  const words = ['render', 'overlays/production', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.equal([status, stderr], [0, '']);
});
overlays.run();

const made = suite('new --argocd');
const answers = ['--tls-mode', 'secret', '--controller', 'contour', '--dry-run'];
const dryRun = (words: readonly string[], cwd: string) =>
  run(['new', ...words, ...answers, ...withBundled], { cwd });
const fileIn = (stdout: string) => {
  const [, text = ''] = stdout.split(/^# overlays\/.*\/environment\.yaml$/m);
  return readEnvironment(text.split(/^# overlays\//m)[0] ?? '', 'x').environment;
};

made('writes the file, which waits for a person', async () => {
  const cwd = projectWith({ production: {} });
  const domain = ['--domain', 'eu.example.com'];
  const { status, stdout, stderr } = await dryRun(['eu', '--argocd', ...domain], cwd);
  assert.is(status, 0, stderr);
  const file = { cluster: 'in-cluster', namespace: 'michelangelo-eu', sync: 'manual' };
  assert.equal(fileIn(stdout), { ...file, stage: 'production' });
  const staging = await dryRun(['eu-staging', '--argocd', ...domain], cwd);
  assert.is(fileIn(staging.stdout)?.stage, 'staging');
  const without = await dryRun(['eu', ...domain], cwd);
  assert.not.match(without.stdout, 'environment.yaml');
});

made('takes that of the overlay that it starts from, but for namespace and sync', async () => {
  const cwd = projectOf(`${environmentText(sound, undefined)}# ours\n`);
  const words = ['eu', '--from', 'production', '--domain', 'eu.example.com'];
  const { status, stdout, stderr } = await dryRun(words, cwd);
  assert.is(status, 0, stderr);
  assert.match(stdout, '# ours');
  assert.equal(fileIn(stdout), { ...sound, namespace: 'michelangelo-eu', sync: 'manual' });
  assert.match(stderr, 'as in overlays/production: cluster and stage in environment.yaml');
});

made('names the file that it cannot take', async () => {
  const words = ['eu', '--from', 'production', '--domain', 'eu.example.com'];
  for (const [text, message] of [
    ['cluster: [\n', 'is not well-formed YAML'],
    ['- cluster: a\n', 'is not a map'],
    ['', 'is not a map'],
  ] as const) {
    const { status, stderr } = await dryRun(words, projectOf(text));
    assert.is(status, 1);
    assert.match(stderr, `overlays/production/environment.yaml ${message}`);
  }
});

made('refuses a link, which would be synced as the other environment is', async () => {
  const cwd = projectWith({ production: {} });
  writeFileSync(join(cwd, 'common.yaml'), environmentText(sound, undefined));
  symlinkSync('../../common.yaml', join(cwd, 'overlays/production/environment.yaml'));
  const words = ['eu', '--from', 'production', '--domain', 'eu.example.com'];
  const { status, stdout, stderr } = await dryRun(words, cwd);
  assert.equal([status, stdout], [2, '']);
  assert.match(stderr, 'environment.yaml of overlays/production is a link');
});
made.run();
