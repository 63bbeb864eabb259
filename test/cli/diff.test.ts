/** `diff` on real changes of base, domain and plugin. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { PLUGIN_FOLDER } from '../../src/cli/package-root.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { assertFitsScreen } from '../support/screen.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const prefixed = (name: string) => ({
  kustomization: `namespace: michelangelo-${name}\nnamePrefix: ${name}-\nresources: [../../base]\ntransformers: [domain.yaml]\n`,
});

/** Two overlays in a commit; then the base changes for both, one has another domain, one comes, one goes, one gets a fault. */
const cwd = projectWith({
  production: {},
  staging: prefixed('staging'),
  old: { kustomization: 'resources: [cm.yaml]\n', files: { 'cm.yaml': configMap('old', 'a: b') } },
});
const gitIn =
  (folder: string) =>
  (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...words], {
      cwd: folder,
    });
const git = gitIn(cwd);
/** A repository with everything in one commit. */
function committed(files: Readonly<Record<string, string>>): string {
  const folder = folderWith(files);
  const own = gitIn(folder);
  own('init', '-q');
  own('add', '-A');
  own('commit', '-q', '-m', 'a');
  return folder;
}
const edit = (path: string, from: string | RegExp, to: string) => {
  const text = readFileSync(join(cwd, path), 'utf8');
  assert.match(text, from);
  writeFileSync(join(cwd, path), text.replace(from, to));
};
const diff = (...words: string[]) => run(['diff', ...words, ...withBundled], { cwd });

function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
}

const elsewhere = join(projectWith({ production: {} }), 'overlays/production');

git('init', '-q', '-b', 'main');
git('add', '-A');
git('commit', '-q', '-m', 'fix: a');

const verb = suite('diff');

verb('a colon may be part of the name of a commit', async () => {
  for (const state of ['HEAD@{2030-01-01 10:00:00}', 'HEAD^{/fix: a}'])
    assert.match((await diff(state, 'overlays/old')).stdout, 'no difference in 1 overlay');
  const folder = 'HEAD@{2030-01-01 10:00:00}:overlays/old';
  assert.match((await diff(folder, 'overlays/old')).stdout, 'no difference in 1 overlay');
});

verb('builds a commit on a base in node_modules', async () => {
  const cwd = committed({
    '.gitignore': 'node_modules\n',
    'node_modules/x/kustomization.yaml': 'resources: [cm.yaml]\n',
    'node_modules/x/cm.yaml': configMap('a', 'b: c'),
    'overlays/a/kustomization.yaml': 'resources: [../../node_modules/x]\n',
  });
  writeFileSync(
    join(cwd, 'overlays/a/kustomization.yaml'),
    'resources: [../../node_modules/x]\nnamePrefix: new-\n',
  );
  for (const folder of [cwd, join(cwd, 'overlays/a')]) {
    const { status, stdout, stderr } = await run(['diff', ...withBundled], { cwd: folder });
    assert.is(status, 0, stderr);
    assert.match(stdout, /^-.*name: a$/m);
    assert.match(stdout, /^\+.*name: new-a$/m);
  }
});

verb('says that nothing differs', async () => {
  const { status, stdout, stderr } = await diff('HEAD', 'overlays/old', '--exit-code');
  assert.is(status, 0);
  assert.is(stderr, '');
  assert.match(
    stdout,
    /^from HEAD \([0-9a-f]{8}\) to the work tree: no difference in 1 overlay\n$/,
  );
});

verb('a change of the base is one entry, one of a domain is that of its overlay', async () => {
  edit('base/worker/base.yaml', 'level: info', 'level: debug');
  edit('overlays/production/domain.yaml', 'ml.example.com', 'new.example.com');
  cpSync(join(cwd, 'overlays/old'), join(cwd, 'overlays/extra'), { recursive: true });
  rmSync(join(cwd, 'overlays/old'), { recursive: true });
  const { status, stdout, stderr } = await diff('main', '--exit-code');
  assert.is(stderr, '');
  assert.is(status, 1);
  assert.match(
    stdout,
    /^from main \([0-9a-f]{8}\) to the work tree: \d+ changes in 2 of 4 overlays, 1 new, 1 gone\n/,
  );
  assert.match(stdout, 'overlays/extra is new, with 1 resource\n');
  assert.match(stdout, 'overlays/old is gone, with 1 resource\n');
  assert.match(
    stdout,
    `
ConfigMap michelangelo-worker-config: changed in 2 overlays: overlays/production, overlays/staging
(as in overlays/production; each has its own hosts, names, namespace and hashes there)
@@ data[base.yaml].logging.level @@
`,
  );
  assert.match(stdout, '\n-      level: info\n+      level: debug\n');
  assert.match(stdout, '\n@@ spec.tls[0].hosts[0] @@\n');
  assert.match(stdout, '\n-    - api.ml.example.com\n+    - api.new.example.com\n');
  assert.match(
    stdout,
    /^Ingress michelangelo\/michelangelo-apiserver: changed in overlays\/production$/m,
  );
});

verb('JSON is whole, and some overlays alone can be named', async () => {
  const { stdout } = await diff('main', 'overlays/staging', '--format', 'json');
  const { overlays, changes } = JSON.parse(stdout);
  assert.equal(overlays, [{ overlay: 'overlays/staging', state: 'changed' }]);
  const level = changes.find(({ lines }: { lines: { path: string }[] }) =>
    lines.some(({ path }) => path.endsWith('logging.level')),
  );
  assert.equal(level.overlays.length, 1);
  assert.match(
    level.resource,
    /^ConfigMap michelangelo-staging\/staging-michelangelo-worker-config-/,
  );
});

verb('compares what is rendered, in a folder of a commit too', async () => {
  const render = ['render', '--all', '--out', 'rendered', ...withBundled];
  assert.is((await run(render, { cwd })).status, 0);
  git('add', '-A');
  git('commit', '-q', '-m', 'b');
  const same = await diff('HEAD:rendered', '--to', 'rendered');
  assert.match(
    same.stdout,
    /^from HEAD:rendered \([0-9a-f]{8}\) to rendered: no difference in 3 o/,
  );
  const older = await diff('main~1', 'overlays/staging', '--to', 'rendered');
  assert.match(older.stdout, '\n-      level: info\n+      level: debug\n');
  assert.match(older.stdout, /^from main~1 \(.*\) to rendered: \d+ changes in 1 of 1 overlay\n/);
});

verb('another version of the plugin is built with its own function', async () => {
  const home = join(temporaryFolder(), 'home');
  cpSync(join(packageRoot, 'plugin'), home, { recursive: true });
  const program = join(home, PLUGIN_FOLDER, 'DomainConfig');
  const real = join(packageRoot, 'plugin', PLUGIN_FOLDER, 'DomainConfig');
  const [now, before] = ['proxy-read-timeout: "3600"', 'proxy-read-timeout: "60"'];
  writeFileSync(program, `#!/bin/sh\n'${real}' "$@" | sed 's/${now}/${before}/'\n`);
  chmodSync(program, 0o755);
  const words = ['diff', '--plugin-home', home, ...withBundled];
  const { stdout, stderr } = await run(words, { cwd: projectWith({ production: {} }) });
  assert.is(stderr, '');
  assert.match(
    stdout,
    /^from the work tree with the function in .* to the work tree: \d+ changes? /,
  );
  assert.match(stdout, /^- .*proxy-read-timeout: "60"\n\+ .*proxy-read-timeout: "3600"$/m);
});

verb('what cannot be built is said, and the others are shown', async () => {
  edit('overlays/staging/domain.yaml', 'tls:', 'tsl:');
  edit('overlays/extra/cm.yaml', 'a: b', 'a: c');
  const { status, stdout, stderr } = await diff('HEAD', 'overlays/staging', 'overlays/extra');
  assert.is(status, 1);
  assert.match(stdout, ', 1 not built\noverlays/staging cannot be built in the work tree\n');
  assert.match(stdout, '\n-  a: b\n+  a: c\n');
  assert.match(stderr, /^overlays\/staging cannot be built in the work tree:\nerror: .*tsl/);
});

for (const [words, message] of [
  [['nothing'], 'nothing is neither a folder nor a commit of'],
  [['main:nothing'], /main:nothing \(.*\) has no folder nothing/],
  [['main:../..'], /has no folder \.\.\/\.\./],
  [['overlays/production'], 'name the state before it: diff HEAD overlays/production'],
  [[relative(cwd, elsewhere)], 'behind it: diff ../'],
  [
    ['overlays/production', 'overlays/staging', '--to', 'overlays/extra'],
    'overlays/production and overlays/extra are one overlay each: nothing is compared with overlays/staging',
  ],
  [['HEAD', 'overlays/none'], 'has an overlay overlays/none'],
  [['HEAD', '../elsewhere'], 'is not below'],
  [['--limit', '5'], 'It is a number of characters'],
  [['--limit', '5000', '--format', 'json'], '--format json is whole'],
] as const)
  verb(`refuses ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await diff(...words);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  });

verb('two overlays are compared with each other', async () => {
  const words = ['overlays/extra', '--to', 'overlays/extra'];
  assert.match((await diff(...words)).stdout, 'no difference in 1 overlay');
});

verb('an overlay that is the working directory may be new or gone', async () => {
  const cwd = committed({
    'old/kustomization.yaml': 'resources: [cm.yaml]\n',
    'old/cm.yaml': configMap('a', 'b: c'),
  });
  cpSync(join(cwd, 'old'), join(cwd, 'fresh'), { recursive: true });
  rmSync(join(cwd, 'old/kustomization.yaml'));
  const inside = (name: string, ...words: string[]) =>
    run(['diff', 'HEAD', ...words, ...withBundled], { cwd: join(cwd, name) });
  assert.match((await inside('fresh')).stdout, '\nfresh is new, with 1 resource\n');
  assert.match((await inside('fresh', '.')).stdout, '\nfresh is new, with 1 resource\n');
  assert.match((await inside('old')).stdout, '\nold is gone, with 1 resource\n');
  assert.is((await inside('fresh', '../old')).status, 2);
});

verb('an overlay that is the working directory has its own name', async () => {
  const inside = { cwd: join(cwd, 'overlays/extra') };
  const { stdout } = await run(['diff', 'HEAD', '.', ...withBundled], inside);
  assert.match(stdout, 'changed in extra\n');
});

verb('its help fits a screen', async () => {
  const { stdout } = await run(['diff', '--help'], { cwd });
  assertFitsScreen(stdout);
});

verb.run();
