import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const cwd = temporaryFolder();
const usage = suite('command line');

for (const words of [['--help'], ['render', '--help']])
  usage(`prints help on stdout: ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await run(words, { cwd });
    assert.is(status, 0);
    assert.is(stderr, '');
    assert.match(stdout, 'Example:');
    assert.ok(stdout.split('\n').length <= 24, 'fits a screen');
    assert.ok(stdout.split('\n').every((line) => line.length <= 100));
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
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
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

usage('what the system refuses is a message', async () => {
  const { status, stderr } = await run(['render', '--all'], { cwd: folderWith({ overlays: '' }) });
  assert.is(status, 2);
  assert.match(stderr, /^error: .*\/overlays: a part of its path is a file \(ENOTDIR\)\n {2}mend/);
});

usage.run();
