/** The page about a repository of one's own: its commands, one after the other in an empty folder, with the packed package. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { buildWith, bundled, newest } from '../support/kustomize.ts';
import { packPackage } from '../support/packed.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const page = readFileSync(join(packageRoot, 'docs/own-repository.md'), 'utf8');

interface Block {
  language: string;
  text: string;
}

const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']): Block => ({ language, text }),
);

/** A command of a block, and the lines below it, which its output has to have. */
function commandsOf({ text }: Block): { command: string; lines: string[] }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      return { command, lines };
    });
}

/** Manifests that never saw the function, with a Secret and a patch of somebody. */
async function runningManifests(folder: string): Promise<void> {
  const { stdout } = await buildWith(bundled, 'base');
  const files = {
    'all.yaml': stdout.replaceAll('DOMAIN_NOT_SET', 'old.example.com'),
    'secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: theirs}\nstringData: {password: canary-5d1f}\n',
    'patch.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: michelangelo-ui}\nspec: {replicas: 7}\n',
    'kustomization.yaml':
      'namespace: ml\nresources: [all.yaml, secret.yaml]\npatches: [{path: patch.yaml}]\n',
  };
  mkdirSync(join(folder, 'manifests'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, 'manifests', name), text);
}

/** A kustomize on PATH, and an author for git. */
function environment(): NodeJS.ProcessEnv {
  const programs = temporaryFolder();
  symlinkSync(newest.command, join(programs, 'kustomize'));
  const author = { NAME: 'Somebody', EMAIL: 'somebody@example.com' };
  const git = Object.entries(author).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const { KUSTOMIZE: _, KUSTOMIZE_PLUGIN_HOME: __, ...env } = process.env;
  return { ...env, ...Object.fromEntries(git), PATH: `${programs}:${env['PATH']}` };
}

const walk = suite('docs/own-repository.md');

walk('every command does what the page says', async () => {
  const cwd = folderWith({});
  const tarball = await packPackage();
  await runningManifests(cwd);
  const env: NodeJS.ProcessEnv = { ...environment(), npm_config_prefer_offline: 'true' };
  let ran = 0;
  let shown = '';
  for (const block of blocks) {
    const file = /^# (\S+\.yaml)\n/.exec(block.text)?.[1];
    if (block.language === 'yaml' && file !== undefined) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), block.text);
    }
    for (const { command, lines } of block.language === 'console' ? commandsOf(block) : []) {
      const [, name, value = ''] = /^export (\w+)=(.*)$/.exec(command) ?? [];
      if (name !== undefined) {
        env[name] = value.replace('$PWD', cwd);
        continue;
      }
      const typed = command.replace(/^(npm install .*)\bma-overlays$/, `$1'${tarball}'`);
      const options = { cwd, env, extendEnv: false, all: true, reject: false } as const;
      const { exitCode, all } = await execa('bash', ['-c', typed], options);
      assert.is(exitCode, 0, `${command}\n${all}`);
      for (const line of lines) assert.ok(all.includes(line), `${command}\n${all}`);
      ran += 1;
      shown += all;
      if (command.startsWith('npx --no-install ma-overlays render --all')) assertStays(cwd);
    }
  }
  assert.ok(ran >= 25, `${ran} commands`);
  assert.not.ok(shown.includes('canary-5d1f'));
  assert.equal(readdirSync(cwd).sort(), [
    '.git',
    '.gitignore',
    'manifests',
    'node_modules',
    'package-lock.json',
    'package.json',
    'rendered',
  ]);
  assert.not.match(readFileSync(join(cwd, 'package.json'), 'utf8'), 'ma-overlays');
  assert.equal(readdirSync(join(cwd, 'rendered')).sort(), ['eu', 'production']);
});

/** The Secret and the patch of somebody are in what is rendered. */
function assertStays(cwd: string): void {
  const folder = join(cwd, 'rendered/production');
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.ok(all.some((text) => text.includes('password: canary-5d1f')));
  assert.ok(all.some((text) => text.includes('replicas: 7')));
}

walk.run();
