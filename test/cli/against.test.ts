import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { temporaryFolder } from '../support/temporary.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const config = (domain: string) => `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec: {domain: ${domain}, tls: {mode: secret}}
`;

/** A repository whose first commit has another domain than its files. */
function repository(): string {
  const cwd = projectWith({ production: { config: config('old.example.com') } });
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...words], { cwd });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'a');
  writeFileSync(join(cwd, 'overlays/production/domain.yaml'), config('new.example.com'));
  return cwd;
}

const cwd = repository();
const env = { ...process.env, TMPDIR: temporaryFolder() };
const explain = (...words: string[]) =>
  run(['explain', 'overlays/production', ...words, ...withBundled], { cwd, env });

const against = suite('--against');

against('explain prints what differs from a commit, and leaves nothing behind', async () => {
  const { status, stdout } = await explain('--against', 'main');
  assert.is(status, 0);
  const [summary = ''] = stdout.split('\n');
  assert.match(summary, /^overlays\/production against main \([0-9a-f]{8}\): \d+ changed/);
  assert.match(stdout, '    - api.old.example.com\n    + api.new.example.com\n');
  assert.equal(
    readdirSync(env.TMPDIR).filter((name) => name.startsWith('ma-overlays-')),
    [],
  );
  const left = execFileSync('git', ['status', '--short'], { cwd, encoding: 'utf8' });
  assert.is(left, ' M overlays/production/domain.yaml\n');
  assert.not.ok(existsSync(join(cwd, '.git/worktrees')));
});

against('explain prints it as JSON, and as a diff of what comes out', async () => {
  const { stdout } = await explain('--against', 'main', '--format', 'json');
  const { differences, unchanged, against: name } = JSON.parse(stdout);
  assert.match(name, /^main \(/);
  assert.type(unchanged, 'number');
  const hosts = differences.find(({ path }: { path: string }) => path === 'spec.rules[0].host');
  assert.equal(
    [hosts.state, hosts.there, hosts.here, hosts.field],
    ['changed', 'api.old.example.com', 'api.new.example.com', 'spec.domain'],
  );
  const diff = await explain('--against', 'main', '--diff');
  assert.match(diff.stdout, /^-.*api\.old\.example\.com$/m);
  assert.match(diff.stdout, /^\+.*api\.new\.example\.com$/m);
});

against('a folder is another checkout, one overlay, or rendered', async () => {
  const other = projectWith({ production: { config: config('old.example.com') } });
  for (const folder of [other, join(other, 'overlays/production')]) {
    const { stdout } = await explain('--against', folder);
    assert.match(stdout, '    - api.old.example.com\n    + api.new.example.com\n');
  }
  const out = join(other, 'rendered');
  const words = ['render', '--all', '--out', out, ...withBundled];
  assert.is((await run(words, { cwd: other })).status, 0);
  const diff = await explain('--against', out, '--diff');
  assert.match(diff.stdout, /^-.*api\.old\.example\.com$/m);
  const list = await explain('--against', out);
  assert.is(list.status, 2);
  assert.match(list.stderr, 'compare what came out: --diff');
});

against('the page marks what differs', async () => {
  const words = ['report', 'overlays/production', '--against', 'main', ...withBundled];
  const { status, stdout } = await run(words, { cwd, env });
  assert.is(status, 0);
  assert.match(stdout, /What differs from main \([0-9a-f]{8}\)/);
  assert.match(stdout, 'Nothing new was found, against main');
  assert.match(stdout, /<code class="old">api\.<wbr>old/);
});

against('an overlay that is new is new as a whole', async () => {
  execFileSync('cp', ['-r', 'overlays/production', 'overlays/extra'], { cwd });
  writeFileSync(
    join(cwd, 'overlays/extra/domain.yaml'),
    config('extra.example.com').replace('production', 'extra'),
  );
  const words = ['report', 'overlays/production', 'overlays/extra', '--against', 'main'];
  const { status, stderr } = await run([...words, ...withBundled], { cwd, env });
  assert.is(status, 0);
  assert.match(stderr, /^note: main \(.*\) has no overlays\/extra: all of it counts as new$/m);
  // What a pull request shows that brings the first ones.
  const alone = ['report', 'overlays/extra', '--against', 'main'];
  const { status: ofNew, stdout } = await run([...alone, ...withBundled], { cwd, env });
  assert.is(ofNew, 0);
  assert.match(stdout, 'extra.example.com');
});

for (const [state, message] of [
  ['nothing', 'nothing is neither a folder nor a commit of'],
  ['--upload-pack=x', '--upload-pack=x is neither a folder nor a commit of'],
  ['overlays', 'overlays has no overlay overlays/production'],
] as const)
  against(`refuses ${state}`, async () => {
    const { status, stdout, stderr } = await explain(`--against=${state}`);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  });

against.run();
