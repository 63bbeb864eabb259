/** Nothing outlives a command that is stopped: no program, no file. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { installedCommandLine } from '../support/built-command-line.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const program = await installedCommandLine();
const cwd = projectWith({ dev: {} });

/** A kustomize that never ends, and starts a program that ignores signals; both say their numbers and leave a file. */
const HANGING = `#!/bin/sh
if [ "$1" = version ] && [ -z "$SLOW_VERSION" ]; then echo v5.8.2; exit; fi
sh -c 'trap "" INT TERM HUP QUIT; echo $$ >>"$NUMBERS"; while :; do sleep 1; done' &
echo left >"$TMPDIR/left"
echo $$ >>"$NUMBERS"
sleep 1000
`;
const kustomize = join(folderWith({ kustomize: HANGING }), 'kustomize');

const VERBS: Readonly<Record<string, readonly string[]>> = {
  render: ['render', 'overlays/dev'],
  check: ['check', 'overlays/dev'],
  explain: ['explain', 'overlays/dev'],
  report: ['report', 'overlays/dev'],
  new: 'new staging --domain a.example.com --tls-mode secret --controller traefik'.split(' '),
};

/** A command line that has come as far as its kustomize. */
async function start(words: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}) {
  const folder = temporaryFolder();
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const numbers = join(folder, 'numbers');
  const env = { NUMBERS: numbers, TMPDIR: temporary, ...options.env };
  const child = execa(program, [...words, '--kustomize', kustomize], { cwd, env, reject: false });
  const read = () => (existsSync(numbers) ? readFileSync(numbers, 'utf8').trim().split('\n') : []);
  while (read().length < 2 && child.exitCode === null) await pause();
  return { child, temporary: env.TMPDIR, numbers: read };
}

/**
 * Those of the processes that have not ended. What has ended and was not asked for its status is a zombie; another program has the number of
 * one that is gone.
 */
function running(numbers: readonly string[]): string[] {
  return numbers.filter((number) => {
    try {
      const words = ['-ww', '-o', 'stat=', '-o', 'args=', '-p', number];
      return /^[^Z].*(?:kustomize|NUMBERS)/.test(execFileSync('ps', words, { encoding: 'utf8' }));
    } catch {
      return false;
    }
  });
}

async function allEnded(numbers: readonly string[]): Promise<void> {
  // Even what is killed needs a turn on a processor to end.
  for (const end = Date.now() + 30_000; Date.now() < end && running(numbers).length > 0; )
    await pause();
  assert.is(numbers.length, 2);
  assert.equal(running(numbers), []);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

const interrupts = suite('a signal');

for (const [verb, words] of Object.entries(VERBS))
  interrupts(`ends ${verb}, its kustomize and what that started`, async () => {
    const ends = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const).map(async (signal) => {
      const { child, temporary, numbers } = await start(words);
      child.kill(signal);
      const result = await child;
      assert.is(result.signal, signal);
      assert.is(result.stdout, '');
      assert.match(result.stderr, 'interrupted: nothing was left behind');
      await allEnded(numbers());
      assert.equal(readdirSync(temporary), []);
    });
    await Promise.all(ends);
    assert.equal(readdirSync(join(cwd, 'overlays')), ['dev']);
  });

interrupts('ends a program that is asked for its version', async () => {
  const env = { SLOW_VERSION: '1', TMPDIR: temporaryFolder() };
  const { child, numbers } = await start(['render', 'overlays/dev'], { env });
  child.kill('SIGTERM');
  assert.is((await child).signal, 'SIGTERM');
  await allEnded(numbers());
});

interrupts.run();

const limit = suite('a build that does not end');

for (const [verb, words] of Object.entries(VERBS))
  limit(`is stopped in ${verb}, with everything that it started`, async () => {
    const { child, temporary, numbers } = await start([...words, '--timeout', '1.5']);
    const { exitCode, stderr, stdout } = await child;
    assert.is(exitCode, 1);
    const overlay = verb === 'new' ? 'overlays/staging' : 'overlays/dev';
    // To check it is a finding like others.
    const said = verb === 'check' ? stdout : stderr;
    assert.match(said, `${overlay}: ${kustomize} did not end in 1.5 s and was stopped\n`);
    assert.match(said, '--timeout SECONDS allows more');
    await allEnded(numbers());
    assert.equal(readdirSync(temporary), []);
  });

limit('a time that is none is wrong usage', async () => {
  for (const time of ['0', '-1', 'soon', '1e9', '']) {
    const words = ['render', 'overlays/dev', `--timeout=${time}`];
    const { exitCode, stderr } = await execa(program, words, { cwd, reject: false });
    assert.is(exitCode, 2, time);
    assert.match(stderr, 'number of seconds');
  }
});

limit.run();

const killed = suite('a temporary folder');

killed('of a killed run goes away with the next, one of a running command stays', async () => {
  const env = { TMPDIR: temporaryFolder() };
  const dead = await start(['render', 'overlays/dev'], { env });
  const [left = ''] = readdirSync(env.TMPDIR);
  const living = await start(['render', 'overlays/dev'], { env });
  assert.is(readdirSync(env.TMPDIR).length, 2);
  assert.is(statSync(join(env.TMPDIR, left)).mode & 0o777, 0o700);
  dead.child.kill('SIGKILL');
  await dead.child;
  const other = await start(['render', 'overlays/dev'], { env });
  assert.not(existsSync(join(env.TMPDIR, left)));
  assert.is(readdirSync(env.TMPDIR).length, 2);
  for (const { child } of [living, other]) child.kill('SIGTERM');
  await Promise.all([living.child, other.child]);
  for (const number of dead.numbers()) process.kill(Number(number), 'SIGKILL');
});

killed('of others stays, whatever its name', async () => {
  const folder = temporaryFolder();
  const elsewhere = '999999999-1-aaaaaaaa-aaaaaaaa-aaaaaaaa-another-host';
  const names = [`ma-overlays-${elsewhere}`, 'ma-overlays-mine', 'ma-observed-Aa1'];
  for (const name of names) mkdirSync(join(folder, name));
  const { child } = await start(['render', 'overlays/dev'], { env: { TMPDIR: folder } });
  child.kill('SIGTERM');
  await child;
  assert.equal(readdirSync(folder).sort(), names.sort());
});

killed('may have a path of any length', async () => {
  const TMPDIR = join(temporaryFolder(), 'a'.repeat(200));
  mkdirSync(TMPDIR);
  for (let run = 0; run < 2; run++) {
    const child = execa(program, ['render', 'overlays/dev'], {
      cwd,
      env: { TMPDIR },
      reject: false,
    });
    const { exitCode, stderr } = await child;
    assert.is(exitCode, 0, stderr);
    assert.equal(readdirSync(TMPDIR), []);
    assert.equal(
      readdirSync('/tmp').filter((name) => name.startsWith(`ma-overlays-${child.pid}-`)),
      [],
    );
  }
});

killed('that cannot be made is a message', async () => {
  const file = join(folderWith({ file: '' }), 'file');
  for (const TMPDIR of [join(temporaryFolder(), 'missing'), file]) {
    const words = ['render', 'overlays/dev', '--kustomize', kustomize];
    const { exitCode, stderr } = await execa(program, words, {
      cwd,
      env: { TMPDIR },
      reject: false,
    });
    assert.is(exitCode, 2);
    assert.match(stderr, `error: no temporary folder can be made in ${TMPDIR}: `);
    assert.match(stderr, 'set TMPDIR to a folder that exists');
    assert.not.match(stderr, /^ +at /m);
  }
});

killed.run();
