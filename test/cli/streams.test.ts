/** What the command line does with streams that are closed, full, or something else than files and pipes. */
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../src/cli/main.ts';
import { installedCommandLine } from '../support/built-command-line.ts';
import { run } from '../support/command-line.ts';
import { projectWith } from '../support/small-overlay.ts';
import { temporaryFolder } from '../support/temporary.ts';

const program = await installedCommandLine();
const cwd = projectWith({ dev: {} });

const VERBS = [
  'render overlays/dev',
  'check overlays/dev',
  'explain overlays/dev',
  'report overlays/dev',
  'new a --domain a.example.com --tls-mode secret --controller traefik --dry-run',
  '--help',
];

/** A line for the shell, in which `$ma` is the program. */
async function shell(line: string, options: { cwd?: string } = {}) {
  return execa('bash', ['-c', line], { cwd, env: { ma: program }, reject: false, ...options });
}

const output = suite('standard output');

for (const words of VERBS) {
  output(`that nobody reads is not an error: ${words}`, async () => {
    const { stdout, stderr } = await shell(`"$ma" ${words} | true; echo "\${PIPESTATUS[0]}"`);
    assert.is(stdout, '0');
    assert.is(stderr, '');
  });
  output(`that was closed before is not an error: ${words}`, async () => {
    const { exitCode, stderr } = await shell(`"$ma" ${words} >&-`);
    assert.is(exitCode, 0);
    assert.is(stderr, '');
  });
  if (existsSync('/dev/full'))
    output(`that is full is an error: ${words}`, async () => {
      const { exitCode, stderr } = await shell(`"$ma" ${words} >/dev/full`);
      assert.is(exitCode, 1);
      assert.is(stderr, 'error: standard output cannot be written: ENOSPC');
    });
}

output('for people may be closed or full as well', async () => {
  for (const where of ['2>&-', '2>/dev/full', '2> >(true)']) {
    const { exitCode } = await shell(`"$ma" render nowhere ${where}`);
    assert.is(exitCode, 2, where);
  }
});

output.run();

const input = suite('standard input');

input('that is a folder is a message', async () => {
  const { exitCode, stdout, stderr } = await shell('"$ma" check - </');
  assert.is(exitCode, 2);
  assert.is(stdout, '');
  assert.is(stderr, 'error: standard input is neither a file nor a pipe');
});

input('that never ends is a message', async () => {
  const { exitCode, stderr } = await shell('"$ma" check - </dev/zero');
  assert.is(exitCode, 1);
  assert.is(stderr, 'error: standard input has more than 256 MiB');
});

input('that is a terminal is wrong usage', async () => {
  const stdin = Object.assign(new Readable({ read() {} }), { isTTY: true });
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) } as unknown as NodeJS.WriteStream;
  const io = { stdin, stdout: stderr, stderr, env: {}, cwd };
  assert.is(await main(['check', '-'], io), 2);
  assert.match(said.join(''), 'error: standard input is a terminal\n  fix       pipe manifests');
});

input('is not looked at by a verb that does not read it', async () => {
  for (const where of ['</', '<&-']) {
    const { exitCode, stderr } = await shell(`"$ma" explain overlays/dev ${where} >/dev/null`);
    assert.is(exitCode, 0, stderr);
  }
});

input.run();

const surroundings = suite('surroundings');

surroundings('a working directory that was deleted is a message', async () => {
  const folder = temporaryFolder();
  const { exitCode, stderr } = await shell('mkdir a && cd a && rmdir ../a && "$ma" --version', {
    cwd: folder,
  });
  assert.is(exitCode, 2);
  assert.match(stderr, 'error: the working directory does not exist any more');
  assert.not.match(stderr, /^ +at /m);
});

surroundings('nothing has to be set in the environment', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [program, 'render', 'overlays/dev'], {
    cwd,
    env: {},
    extendEnv: false,
    reject: false,
  });
  assert.is(exitCode, 0, stderr);
});

surroundings('--verbose says what it was built with, and JSON has it too', async () => {
  const { stderr } = await run(['render', 'overlays/dev', '--verbose'], { cwd });
  assert.match(stderr, /^built with kustomize \d+\.\d+\.\d+: \/.* (build|kustomize)\n$/);
  const quiet = await run(['render', 'overlays/dev'], { cwd });
  assert.is(quiet.stderr, '');
  const explained = await run(['explain', 'overlays/dev', '--format', 'json'], { cwd });
  assert.match(JSON.parse(explained.stdout).kustomize.version, /^\d+\.\d+\.\d+$/);
  const checked = await run(['check', 'overlays/dev', '--format', 'json'], { cwd });
  assert.match(JSON.parse(checked.stdout).inputs[0].kustomize.command, /^\//);
});

surroundings.run();
