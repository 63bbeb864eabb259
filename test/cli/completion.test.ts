import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { folderWith } from '../support/temporary.ts';

const kustomization = { 'kustomization.yaml': '' };
const project = {
  'overlays/dev/kustomization.yaml': '',
  'overlays/production/kustomization.yml': '',
  'overlays/notes/README.md': '',
  'some/file.yaml': '',
  ...kustomization,
};

/** A folder with overlays, and the script of a shell. */
async function withScript(shell: string): Promise<{ cwd: string; script: string }> {
  const { status, stdout } = await run(['completion', shell], { cwd: '/' });
  assert.is(status, 0);
  const cwd = folderWith({ ...project, script: stdout });
  return { cwd, script: join(cwd, 'script') };
}

const completion = suite('completion');

/** What bash offers for the last of these words. */
async function offered(words: readonly string[]): Promise<string[]> {
  const { cwd, script } = await withScript('bash');
  const program = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ma_overlays; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['-c', program, script, 'ma-overlays', ...words], { cwd });
  return stdout.split('\n').filter(Boolean);
}

completion('bash: verbs', async () => {
  const verbs = await offered(['']);
  for (const verb of ['new', 'render', 'install', 'completion']) assert.ok(verbs.includes(verb));
  assert.equal(await offered(['ren']), ['render']);
});

completion('bash: flags of a verb', async () => {
  assert.equal(await offered(['render', '--a']), ['--all']);
  assert.equal(await offered(['new', '--na']), ['--namespace', '--name-prefix']);
});

completion('bash: overlays, choices, folders', async () => {
  assert.equal(await offered(['render', '']), ['overlays/dev', 'overlays/production']);
  assert.equal(await offered(['render', 'overlays/p']), ['overlays/production']);
  assert.equal(await offered(['new', 'x', '--from', 'overlays/d']), ['overlays/dev']);
  assert.equal(await offered(['new', 'x', '--tls-mode', 's']), ['secret']);
  assert.equal(await offered(['new', 'x', '--controller', 'haproxy-']), ['haproxy-ingress']);
  assert.equal(await offered(['render', '--out', 'so']), ['some']);
  assert.equal(await offered(['completion', '']), ['bash', 'zsh', 'fish']);
});

completion('nothing is offered for free text', async () => {
  assert.equal(await offered(['new', 'x', '--domain', '']), []);
});

for (const [shell, check] of [
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
] as const)
  completion(`${shell}: the script parses, where that shell is installed`, async () => {
    const { script } = await withScript(shell);
    const { failed, code, stderr } = await execa(shell, [...check, script], { reject: false });
    assert.ok(!failed || code === 'ENOENT', stderr);
  });

completion('fish offers the same, where it is installed', async () => {
  const { cwd, script } = await withScript('fish');
  const ask = async (line: string) => {
    const { stdout, code } = await execa(
      'fish',
      ['--no-config', '-c', `source ${script}; complete -C '${line}'`],
      { cwd, reject: false },
    );
    return code === 'ENOENT'
      ? undefined
      : stdout.split('\n').map((row) => row.split('\t')[0] ?? '');
  };
  const overlays = await ask('ma-overlays render overlays/');
  if (overlays === undefined) return;
  assert.equal(overlays, ['overlays/dev', 'overlays/production']);
  assert.equal(await ask('ma-overlays new x --tls-mode s'), ['secret']);
  assert.equal(await ask('ma-overlays rend'), ['render']);
});

for (const words of [['completion'], ['completion', 'tcsh'], ['completion', 'bash', 'zsh']])
  completion(`refuses: ${words.join(' ')}`, async () => {
    const { status, stdout } = await run(words, { cwd: '/' });
    assert.is(status, 2);
    assert.is(stdout, '');
  });

completion.run();

const help = suite('help');

for (const verb of ['new', 'render', 'install', 'completion'])
  help(`${verb}: fits a screen, has an example`, async () => {
    const { status, stdout } = await run([verb, '--help'], { cwd: '/' });
    assert.is(status, 0);
    assert.match(stdout, /Examples?\b/);
    assert.ok(stdout.split('\n').length <= 24, stdout);
    assert.ok(stdout.split('\n').every((line) => line.length <= 100));
  });

for (const words of [['new'], ['new', 'a', 'b'], ['new', 'a', '--what'], ['install', 'stray']])
  help(`refuses with status 2: ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await run(words, { cwd: '/' });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.ok(stderr.length > 0);
  });

help.run();
