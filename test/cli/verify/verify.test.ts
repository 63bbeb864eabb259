import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../support/command-line.ts';
import { rememberingKustomize } from '../../support/kustomize.ts';
import { assertFitsScreen } from '../../support/screen.ts';
import { projectWith } from '../../support/small-overlay.ts';
import { folderWith } from '../../support/temporary.ts';

const cwd = projectWith({ production: {} });
/** No cluster. */
const PATH = `${folderWith({ kubectl: '#!/bin/sh\nexit 1\n' })}:${process.env.PATH}`;
const env = { ...process.env, PATH, KUSTOMIZE: rememberingKustomize() };
const verify = (...words: string[]) => run(['verify', ...words], { cwd, env });

/** Ports of a loopback address at which nothing listens. */
const NOWHERE = ['api', 'app'].flatMap((name) => ['--resolve', `${name}.ml.example.com:127.9.9.9`]);

const verb = suite('verify');

verb('its help fits a screen', async () => {
  const { status, stdout } = await verify('--help');
  assert.is(status, 0);
  assertFitsScreen(stdout, 25);
});

verb('nothing listens: status 1, one line for each host, the rest not tried', async () => {
  const { status, stdout, stderr } = await verify('overlays/production', ...NOWHERE);
  assert.is(status, 1);
  assert.is(stderr, '');
  const failed = stdout.split('\n').filter((line) => line.startsWith('  failed'));
  assert.equal(failed, [
    '  failed     TLS with api.ml.example.com:443',
    '  failed     TLS with app.ml.example.com:443',
  ]);
  assert.match(stdout, 'no connection to port 443 (ECONNREFUSED)');
  assert.match(stdout, /overlays\/production: 2 failed, 2 warnings, 0 ok, \d+ not tried/);
});

verb('as JSON each line has everything', async () => {
  const { status, stdout } = await verify('overlays/production', '--json', ...NOWHERE);
  assert.is(status, 1);
  const { input, summary, lines } = JSON.parse(stdout);
  assert.is(input, 'overlays/production');
  assert.is(summary.failed, 2);
  assert.is(lines.length, summary.ok + summary.failed + summary.warning + summary.notTried);
  const keys = ['group', 'tried', 'command', 'items', 'status', 'came', 'means'];
  for (const line of lines) assert.equal(Object.keys(line).sort(), [...keys].sort());
});

verb('rendered files are looked at as well', async () => {
  await run(['render', 'overlays/production', '--out', 'rendered'], { cwd, env });
  const folder = await verify('rendered/production', ...NOWHERE);
  assert.match(folder.stdout, 'rendered/production: 2 failed');
  const manifests = (await run(['render', 'overlays/production'], { cwd, env })).stdout;
  const piped = await run(['verify', '-', ...NOWHERE], { cwd, env, stdin: manifests });
  assert.match(piped.stdout, 'standard input: 2 failed');
});

verb('an overlay that cannot be built is a problem, not a usage', async () => {
  const broken = projectWith({ production: { config: 'kind: DomainConfig\n' } });
  const { status, stdout, stderr } = await run(['verify', 'overlays/production'], {
    cwd: broken,
    env,
  });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'overlays/production cannot be built: ');
  assert.match(stderr, 'ma-overlays check overlays/production');
});

for (const [words, message] of [
  [[], /missing required argument/],
  [['overlays/none'], /overlays\/none does not exist/],
  [['overlays/production', '--resolve', 'x'], /--resolve x is not HOST:ADDRESS/],
  [['overlays/production', '--ca', 'none.pem'], /none\.pem/],
  [['overlays/production', '--compute-context', 'gpu'], /--compute-context gpu is not NAME=VALUE/],
  [['overlays/production', '--compute-context', 'gpu=x'], /has no compute cluster gpu/],
  [['overlays/production', '--timeout', '0'], /--timeout/],
] as const)
  verb(`refuses with status 2: verify ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await verify(...words);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  });

verb.run();
