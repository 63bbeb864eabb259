import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { folderWith } from '../support/temporary.ts';

const path = 'src/cli/ma-overlays.js';
const launcher = readFileSync(join(packageRoot, path), 'utf8');

/** The launcher beside a command line of which only this is known: the body of `main(words, io)`. */
function withMain(body: string): string {
  const files = {
    [path]: launcher,
    'package.json': '{"type":"module"}',
    'dist/cli.js': `export async function main(words, io) { ${body} }\n`,
  };
  return join(folderWith(files), path);
}

const start = suite('ma-overlays');

start('can be run', () => {
  assert.ok((statSync(join(packageRoot, path)).mode & 0o100) !== 0);
});

start('hands over words, streams and exit status', async () => {
  const command = withMain(
    'io.stdout.write(words.join()); io.stderr.write(io.env.SOME_NAME); return 1;',
  );
  const env = { SOME_NAME: 'value' };
  const { exitCode, stdout, stderr } = await execa(command, ['a', '--b'], { env, reject: false });
  assert.is(exitCode, 1);
  assert.is(stdout, 'a,--b');
  assert.is(stderr, 'value');
});

start('says what to run where it is not built yet', async () => {
  const folder = folderWith({ [path]: launcher, 'package.json': '{"type":"module"}' });
  const { exitCode, stdout, stderr } = await execa(join(folder, path), [], { reject: false });
  assert.is(exitCode, 2);
  assert.is(stdout, '');
  assert.match(stderr, 'npm run build');
});

const INCOMPLETE: Record<string, string> = {
  'from the start': "import 'commander';\nexport function main() {}\n",
  'for a verb': "export async function main() { await import('commander'); }\n",
};
for (const [name, content] of Object.entries(INCOMPLETE))
  start(`says what is missing ${name} where the installation is not complete`, async () => {
    const folder = folderWith({
      [path]: launcher,
      'package.json': '{"type":"module"}',
      'dist/cli.js': content,
    });
    const { exitCode, stderr } = await execa(join(folder, path), [], { reject: false });
    assert.is(exitCode, 2);
    assert.match(
      stderr,
      "error: this installation is not complete: Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'commander'",
    );
    assert.match(stderr, `npm ci, in ${folder}`);
    assert.not.match(stderr, /^ +at /m);
  });

start('says which Node.js it needs where this one is older', async () => {
  const older = "Object.defineProperty(process, 'versions', {value: {node: '18.20.8'}})";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  const { exitCode, stderr } = await execa(withMain('return 0;'), [], { env, reject: false });
  assert.is(exitCode, 2);
  assert.match(
    stderr,
    'error: Node.js 20 or newer is needed, and this is 18.20.8\n  fix       install a newer',
  );
});

start('shows a mistake of its own as one', async () => {
  const { exitCode, stderr } = await execa(withMain("throw new Error('x');"), [], {
    reject: false,
  });
  assert.is(exitCode, 1);
  assert.match(
    stderr,
    /^error: this is a mistake of ma-overlays: Error: x\n {2}fix {7}report it:\n/,
  );
});

start('stays silent when its reader stops early', async () => {
  const command = withMain("io.stdout.write('line\\n'.repeat(1e6)); return 0;");
  const { stdout, stderr } = await execa('sh', ['-c', `"${command}" | head -n 1`]);
  assert.is(stdout, 'line');
  assert.is(stderr, '');
});

start.run();
