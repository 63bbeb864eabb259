/** ci/: the workflows are what GitHub and GitLab accept, and their steps run, in a repository of somebody who uses the package. */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { actionlintTool, checkSchemaTool } from './tools.ts';

const GITHUB = 'ci/github/overlays.yaml';
const GITLAB = 'ci/gitlab/overlays.yaml';
const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const workflows = suite('workflows');

for (const [file, schema] of [
  [GITHUB, 'vendor.github-workflows'],
  [GITLAB, 'vendor.gitlab-ci'],
] as const)
  workflows(`${file} is valid under ${schema}`, async () => {
    const words = ['--builtin-schema', schema, join(packageRoot, file)];
    const { exitCode, stdout } = await execa(checkSchemaTool.path, words, { reject: false });
    assert.is(exitCode, 0, stdout);
  });

workflows('actionlint finds nothing', async () => {
  const { exitCode, stdout } = await execa(actionlintTool.path, [join(packageRoot, GITHUB)], {
    reject: false,
  });
  assert.is(exitCode, 0, stdout);
});

workflows('neither asks for a secret, nor for the right to write', () => {
  for (const file of [GITHUB, GITLAB])
    assert.not.match(read(file).replaceAll(/^ *#.*$/gm, ''), /secret|token|password|write/i);
  const { on, permissions } = parse(read(GITHUB));
  assert.equal(on, { pull_request: null });
  assert.equal(permissions, { contents: 'read' });
});

/** A repository with an environment, whose main branch is on a server, with node_modules as npm makes it. */
const clone = temporaryFolder();
const git = (...words: string[]) => execa('git', words, { cwd: clone });

workflows.before(async () => {
  for (const name of ['base', 'overlays/dev', 'argocd'])
    cpSync(join(packageRoot, name), join(clone, name), { recursive: true });
  mkdirSync(join(clone, 'node_modules/.bin'), { recursive: true });
  symlinkSync(packageRoot, join(clone, 'node_modules/ma-overlays'));
  symlinkSync(
    '../ma-overlays/src/cli/ma-overlays.js',
    join(clone, 'node_modules/.bin/ma-overlays'),
  );
  writeFileSync(join(clone, '.gitignore'), 'node_modules/\n');
  writeFileSync(join(clone, 'package.json'), '{"private": true}\n');
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'test');
  await git('config', 'user.email', 'test@example.com');
  await execa('npx', ['--no-install', 'ma-overlays', 'render', '--all', '--out', 'rendered'], {
    cwd: clone,
  });
  await commit('first');
  await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  // A pull request that changes the domain of one environment, and forgets to render.
  const file = join(clone, 'overlays/dev/domain.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('ml.localhost', 'new.localhost'));
  await commit('change');
});

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', message);
}

/** Runs a step as a runner does; its status, and what it wrote. */
async function step(script: string, env: Record<string, string>) {
  const { exitCode, all } = await execa('bash', ['-e', '-c', script], {
    cwd: clone,
    env,
    all: true,
    reject: false,
  });
  return { status: exitCode, output: all };
}

workflows('the steps for GitHub find what is wrong with a pull request', async () => {
  const summary = join(temporaryFolder(), 'summary');
  const env = { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' };
  const found: [name: string, status: number | undefined][] = [];
  const outputs: Record<string, string | undefined> = {};
  const { steps } = parse(read(GITHUB)).jobs.overlays;
  for (const { name, run } of steps as { name: string; run?: string }[]) {
    // node_modules is there.
    if (run === undefined || name === 'Install') continue;
    const { status, output } = await step(run, env);
    found.push([name, status]);
    outputs[name] = output;
  }
  assert.equal(
    found,
    [
      ['Check', 0],
      ['Rendered manifests are committed', 1],
      ['What changes, on the page of this run', 0],
      ['Report', 0],
    ],
    JSON.stringify(outputs, undefined, 1),
  );
  assert.match(outputs['Rendered manifests are committed'] ?? '', /rendered\/dev\/ingress-\S+/);
  assert.match(readFileSync(summary, 'utf8'), 'app.new.localhost');
  assert.match(readFileSync(join(clone, 'report.html'), 'utf8'), '<html');
});

workflows('the jobs for GitLab pass where everything is rendered', async () => {
  await step('npx --no-install ma-overlays render --all --out rendered', {});
  await commit('rendered');
  const { stdout: base } = await git('rev-parse', 'origin/main');
  const jobs = parse(read(GITLAB));
  for (const name of ['check', 'rendered', 'changes'])
    for (const script of jobs[name].script as string[]) {
      const { status, output } = await step(script, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
      assert.is(status, 0, `${script}: ${output}`);
    }
  assert.equal(JSON.parse(readFileSync(join(clone, 'gl-code-quality.json'), 'utf8')), []);
  for (const path of jobs.changes.artifacts.paths) assert.ok(existsSync(join(clone, path)), path);
});
workflows.run();
