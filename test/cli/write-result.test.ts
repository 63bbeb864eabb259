import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError } from '../../src/cli/io.ts';
import { writeResult } from '../../src/cli/write-result.ts';
import { soundKustomize } from '../support/sound-kustomize.ts';
import { KILL, runStepped } from '../support/stepped.ts';
import { folderWith } from '../support/temporary.ts';

const isRoot = process.getuid?.() === 0;

/** Writes as `--out` does; the message where it refuses. */
async function write(cwd: string, path: string, content = 'new'): Promise<string> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io = { stdin: new PassThrough(), stdout, stderr, env: {}, cwd };
  try {
    await writeResult(path, content, io);
    return '';
  } catch (error) {
    if (error instanceof CommandError) return `${error.status}: ${error.message}`;
    throw error;
  }
}

const at = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

const result = suite('writeResult');

result('makes a file under the umask, and leaves nothing beside it', async () => {
  const cwd = folderWith({});
  const long = 'x'.repeat(255);
  assert.is(await write(cwd, 'a'), '');
  assert.is(await write(cwd, long), '');
  assert.is(statSync(join(cwd, 'a')).mode & 0o777, 0o666 & ~process.umask());
  assert.equal(readdirSync(cwd).sort(), ['a', long]);
});

result('keeps mode and owner of a file; another hard link keeps the old content', async () => {
  const cwd = folderWith({ a: 'old' });
  const path = join(cwd, 'a');
  chmodSync(path, 0o2604);
  if (isRoot) chownSync(path, 1234, 2345);
  linkSync(path, join(cwd, 'b'));
  const before = statSync(path);
  assert.is(await write(cwd, 'a'), '');
  const after = statSync(path);
  assert.equal([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
  assert.is(at(cwd, 'a'), 'new');
  assert.is(at(cwd, 'b'), 'old');
});

result('follows links, which stay, also where nothing is at their end yet', async () => {
  const cwd = folderWith({ 'deep/file': 'old' });
  symlinkSync('deep', join(cwd, 'folder'));
  symlinkSync('folder/file', join(cwd, 'link'));
  symlinkSync('link', join(cwd, 'link-to-link'));
  symlinkSync('../made', join(cwd, 'deep/dangling'));
  assert.is(await write(cwd, 'link-to-link'), '');
  assert.is(at(cwd, 'deep/file'), 'new');
  assert.is(await write(cwd, 'folder/dangling'), '');
  assert.is(at(cwd, 'made'), 'new');
  assert.is(readlinkSync(join(cwd, 'link-to-link')), 'link');
  assert.is(readlinkSync(join(cwd, 'link')), 'folder/file');
  assert.is(readlinkSync(join(cwd, 'deep/dangling')), '../made');
  assert.equal(readdirSync(join(cwd, 'deep')).sort(), ['dangling', 'file']);
});

result('writes through a device and a FIFO, also behind a link', async () => {
  const cwd = folderWith({});
  execFileSync('mkfifo', [join(cwd, 'fifo')]);
  symlinkSync('fifo', join(cwd, 'to-fifo'));
  symlinkSync('/dev/null', join(cwd, 'null'));
  for (const name of ['fifo', 'to-fifo']) {
    const reader = execa('cat', [join(cwd, 'fifo')]);
    assert.is(await write(cwd, name, 'x'.repeat(200_000)), '');
    assert.is((await reader).stdout.length, 200_000);
  }
  assert.ok(lstatSync(join(cwd, 'fifo')).isFIFO());
  for (const name of ['/dev/null', 'null']) assert.is(await write(cwd, name), '');
  assert.ok(lstatSync('/dev/null').isCharacterDevice());
  assert.ok(lstatSync(join(cwd, 'null')).isSymbolicLink());
});

result('writes to a socket', async () => {
  const cwd = folderWith({});
  const path = join(cwd, 'socket');
  const received = new Promise<string>((resolve) => {
    const server = createServer((connection) => {
      server.close();
      resolve(text(connection));
    });
    server.listen(path);
  });
  while (!readdirSync(cwd).includes('socket')) await new Promise(setImmediate);
  assert.is(await write(cwd, 'socket', 'x'.repeat(200_000)), '');
  assert.is((await received).length, 200_000);
});

result('goes on where the shell is in a file that it holds open', async () => {
  const cwd = folderWith({ log: 'head\n' });
  const file = openSync(join(cwd, 'log'), 'a');
  assert.is(await write(cwd, `/dev/fd/${file}`, 'more\n'), '');
  symlinkSync('/proc/self/fd', join(cwd, 'open'));
  if (process.platform === 'linux') assert.is(await write(cwd, `open/${file}`, 'and more\n'), '');
  closeSync(file);
  assert.match(at(cwd, 'log'), 'head\nmore\n');
});

result('says what is wrong, and leaves what is there', async () => {
  const cwd = folderWith({ file: 'old' });
  mkdirSync(join(cwd, 'folder'));
  symlinkSync('circle', join(cwd, 'circle'));
  symlinkSync('none/file', join(cwd, 'lost'));
  for (const [path, message] of [
    ['folder', '2: --out folder cannot be written: it is a folder (EISDIR)'],
    ['.', '2: --out . cannot be written: it is a folder (EISDIR)'],
    ['none/a', '2: --out none/a cannot be written: it does not exist (ENOENT)'],
    ['lost', '2: --out lost cannot be written: it does not exist (ENOENT)'],
    ['file/a', '2: --out file/a cannot be written: a part of its path is a file (ENOTDIR)'],
    ['circle', '2: --out circle cannot be written: its links lead in a circle (ELOOP)'],
    ['/dev/full', '1: --out /dev/full cannot be written: the disk is full (ENOSPC)'],
    ['x'.repeat(256), 'the name is too long (ENAMETOOLONG)'],
  ] as const)
    if (path !== '/dev/full' || process.platform === 'linux')
      assert.match(await write(cwd, path), message);
  assert.is(at(cwd, 'file'), 'old');
  assert.equal(readdirSync(cwd).sort(), ['circle', 'file', 'folder', 'lost']);
});

result(
  'does not replace what its owner protects, and writes where the folder takes no file',
  async () => {
    if (isRoot) return;
    const cwd = folderWith({ 'a/file': 'old', 'b/file': 'old' });
    chmodSync(join(cwd, 'a/file'), 0o444);
    chmodSync(join(cwd, 'b'), 0o555);
    assert.match(await write(cwd, 'a/file'), 'permission is denied');
    assert.is(at(cwd, 'a/file'), 'old');
    assert.is(await write(cwd, 'b/file'), '');
    assert.is(at(cwd, 'b/file'), 'new');
    assert.match(await write(cwd, 'b/other'), 'permission is denied');
    chmodSync(join(cwd, 'b'), 0o755);
  },
);

result.run();

const env = { KUSTOMIZE: soundKustomize() };
const words = ['report', 'o', '--out', 'page.html'];
const project = () => folderWith({ 'o/kustomization.yaml': '', 'page.html': 'old' });
const out = suite('report --out');

out('leaves the old page or the new one, whenever it is killed', async () => {
  const whole = project();
  const { steps, stderr } = await runStepped({ words, folder: whole }, env);
  assert.ok(steps > 4, stderr);
  for (let at = 1; at <= steps; at += 1) {
    const folder = project();
    chmodSync(join(folder, 'page.html'), 0o600);
    const killed = await runStepped({ words, folder, at, command: KILL }, env);
    assert.is(killed.signal, 'SIGKILL', `step ${at}`);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    assert.ok(page === 'old' || page === readFileSync(join(whole, 'page.html'), 'utf8'));
    await runStepped({ words, folder }, env);
    assert.equal(readdirSync(folder).sort(), ['o', 'page.html']);
    assert.is(statSync(join(folder, 'page.html')).mode & 0o777, 0o600);
  }
});

out('keeps the old page, and says why, whichever step of writing it the disk refuses', async () => {
  const { steps } = await runStepped({ words, folder: project() }, env);
  for (const [fail, reason] of [
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'the disk has a fault'],
  ] as const) {
    let refused = 0;
    for (let at = 1; at <= steps; at += 1) {
      const folder = project();
      const { status, stderr } = await runStepped({ words, folder, at, fail }, env);
      const page = readFileSync(join(folder, 'page.html'), 'utf8');
      assert.equal(readdirSync(folder).sort(), ['o', 'page.html']);
      // The build that only looks for the places of findings may fail: the page is whole without them.
      if (status === 0) {
        assert.match(page, '</html>');
        continue;
      }
      refused += 1;
      assert.is(status, 1, stderr);
      assert.match(stderr, `error: --out page.html cannot be written: ${reason} (${fail})\n  fix `);
      assert.is(page, 'old');
    }
    assert.ok(refused > 4, `${refused} of ${steps}`);
  }
});

out(
  'writes in place where the file cannot be replaced, and takes it back where that fails',
  async () => {
    // The folder takes no draft: what a mounted file in a read-only folder does.
    const first = { words, folder: project(), at: 1, fail: 'EROFS' };
    const { status, steps } = await runStepped(first, env);
    assert.is(status, 0);
    const page = readFileSync(join(first.folder, 'page.html'), 'utf8');
    assert.match(page, '</html>');
    assert.ok(steps > 3);
  },
);

out('to /dev/stdout goes where standard output goes', async () => {
  const folder = project();
  const log = join(folder, 'log');
  writeFileSync(log, 'head\n');
  await runStepped(
    { words: ['report', 'o', '--out', '/dev/stdout'], folder, before: `exec >>${log}` },
    env,
  );
  assert.match(readFileSync(log, 'utf8'), /^head\n<!doctype html>[\s\S]*<\/html>\n$/);
});

out.run();
