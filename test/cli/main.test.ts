import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { assertFitsScreen } from '../support/screen.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const cwd = temporaryFolder();
const usage = suite('command line');

for (const words of [['--help'], ['render', '--help']])
  usage(`prints help on stdout: ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await run(words, { cwd });
    assert.is(status, 0);
    assert.is(stderr, '');
    assert.match(stdout, 'Example:');
    assertFitsScreen(stdout);
  });

usage('help says what to do without this command', async () => {
  const { stdout } = await run(['render', '--help'], { cwd });
  assert.match(
    stdout,
    'KUSTOMIZE_PLUGIN_HOME=$PWD/plugin kustomize build --enable-alpha-plugins overlays/production',
  );
});

usage('prints the version', async () => {
  const { status, stdout } = await run(['--version'], { cwd });
  assert.is(status, 0);
  assert.match(stdout, /^ma-overlays \d+\.\d+\.\d+\n$/);
});

usage('help names a verb as other programs do', async () => {
  for (const [words, flags] of [
    [['help'], ['--help']],
    [
      ['help', 'check'],
      ['check', '--help'],
    ],
  ] as const)
    assert.equal(await run(words, { cwd }), await run(flags, { cwd }));
});

usage('what is missing or unknown leads to the help of its verb', async () => {
  for (const verb of ['explain', 'verify', 'install']) {
    const words = verb === 'install' ? [verb, '--elsewhere'] : [verb];
    const { stderr } = await run(words, { cwd });
    assert.match(stderr, `\n  fix       ma-overlays ${verb} --help shows how it is called\n`);
  }
});

usage('an overlay that is missing is one of those that there are', async () => {
  const project = folderWith({
    'overlays/dev/kustomization.yaml': '',
    'overlays/eu/kustomization.yaml': '',
  });
  for (const verb of ['explain', 'verify']) {
    const { stderr } = await run([verb], { cwd: project });
    assert.match(stderr, '\n  fix       name one of: overlays/dev, overlays/eu; ma-overlays ');
  }
  for (const verb of ['render', 'report']) {
    const { stderr } = await run([verb], { cwd: project });
    assert.match(stderr, '\n  fix       name overlays, or --all\n');
  }
});

usage('says where docs/ is, in a project that depends on this package too', async () => {
  const project = folderWith({ 'node_modules/other/x': '' });
  symlinkSync(packageRoot, join(project, 'node_modules/ma-overlays'));
  for (const [from, path] of [
    [packageRoot, 'docs/'],
    [project, 'node_modules/ma-overlays/docs/'],
    [cwd, `${packageRoot}/docs/`],
  ] as const)
    assert.match((await run(['--help'], { cwd: from })).stdout, `Documentation: ${path}\n`);
  for (const verb of ['check', 'render', 'verify']) {
    const { stdout } = await run([verb, '--help'], { cwd: project });
    assert.match(stdout, /(^| )node_modules\/ma-overlays\/docs\/(checks|fleets|verify)\.md/m);
  }
  const { stdout } = await run(['check', '--explain', 'nothing-found'], { cwd: project });
  assert.match(stdout, 'node_modules/ma-overlays/docs/checks.md#nothing-found');
});

for (const words of [
  [],
  ['rendr'],
  ['render'],
  ['render', '--bad', 'x'],
  ['render', 'x', '--kustomize'],
  ['--bad'],
])
  usage(`refuses with status 2: ma-overlays ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await run(words, { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.ok(stderr.length > 0);
  });

for (const words of [
  ['LINES'],
  ['render', '--LINES'],
  ['check', 'x', '--format', 'LINES'],
  ['render', 'x', '--timeout', 'LINES'],
  ['new', 'x', '--controller', 'traefik', '--gateway-class', 'LINES'],
])
  usage(`no word makes a line of its own: ma-overlays ${words.join(' ')}`, async () => {
    const hostile = words.map((word) => word.replace('LINES', 'a\nerror: all is well\r\n'));
    const { status, stderr } = await run(hostile, { cwd });
    assert.is(status, 2);
    assert.match(stderr, 'a\\nerror: all is well\\r\\n');
    assert.not.match(stderr, /^error: all/m);
  });

usage('proposes another word on a line of its own', async () => {
  const { stderr } = await run(['rendr'], { cwd });
  assert.is(stderr, "error: unknown command 'rendr'\n(Did you mean render?)\n");
});

usage('words of a proposed command are quoted', async () => {
  const words = ['new', 'x', '--controller', 'traefik', '--gateway-class', 'a;b'];
  const { stderr } = await run(words, { cwd });
  assert.match(stderr, "--controller traefik --set 'entry.gateway.className=a;b'");
});

usage('what the system refuses is a message', async () => {
  const { status, stderr } = await run(['render', '--all'], { cwd: folderWith({ overlays: '' }) });
  assert.is(status, 2);
  assert.match(stderr, /^error: .*\/overlays: a part of its path is a file \(ENOTDIR\)\n {2}fix/);
});

usage.run();
