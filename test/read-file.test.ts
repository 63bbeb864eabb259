import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRegularFile, readTextIfRegular, UnreadableFile } from '../src/read-file.ts';
import { folderWith } from './support/temporary.ts';

function reasonOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UnreadableFile) return error.reason;
    throw error;
  }
  return 'read';
}

const read = suite('readRegularFile');

read('gives all bytes, also through links and of files that say they are empty', () => {
  const folder = folderWith({ 'a.yaml': 'a: ä\n', empty: '' });
  symlinkSync('a.yaml', join(folder, 'link'));
  assert.is(readRegularFile(join(folder, 'link')).toString(), 'a: ä\n');
  assert.is(readRegularFile(join(folder, 'empty')).length, 0);
  if (process.platform === 'linux')
    assert.equal(readRegularFile('/proc/version'), readFileSync('/proc/version'));
});

read('refuses what is no regular file, through links too, and never waits', () => {
  const folder = folderWith({});
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  symlinkSync('/dev/zero', join(folder, 'zero'));
  symlinkSync('fifo', join(folder, 'to-fifo'));
  symlinkSync('circle', join(folder, 'circle'));
  for (const [name, reason] of [
    ['folder', 'is a folder, not a file'],
    ['fifo', 'is a FIFO, not a file'],
    ['to-fifo', 'is a FIFO, not a file'],
    ['zero', 'is a device, not a file'],
    ['none', 'cannot be read: it does not exist (ENOENT)'],
    ['circle', 'cannot be read: its links lead in a circle (ELOOP)'],
    ['x'.repeat(300), 'cannot be read: the name is too long (ENAMETOOLONG)'],
    ['fifo/x', 'cannot be read: a part of its path is a file (ENOTDIR)'],
  ] as const) {
    assert.is(
      reasonOf(() => readRegularFile(join(folder, name))),
      reason,
    );
    assert.is(readTextIfRegular(join(folder, name)), undefined);
  }
});

read('holds links inside a folder where one is given', () => {
  const folder = folderWith({ 'in/a': 'a', 'in/deep/b': 'b', 'in-side/c': 'c' });
  const within = join(folder, 'in');
  symlinkSync('../a', join(within, 'deep/a'));
  symlinkSync('../in-side/c', join(within, 'c'));
  symlinkSync('/etc/passwd', join(within, 'passwd'));
  symlinkSync('../in-side', join(within, 'side'));
  assert.is(readTextIfRegular(join(within, 'deep/a'), { within }), 'a');
  assert.is(readTextIfRegular(join(within, 'c')), 'c');
  for (const name of ['c', 'passwd', 'side/c', '../in-side/c'])
    assert.is(
      reasonOf(() => readRegularFile(join(within, name), { within })),
      `is a link that leads out of ${within}`,
    );
  // The folder itself may be reached through a link.
  symlinkSync('in', join(folder, 'way'));
  assert.is(readTextIfRegular(join(folder, 'way/a'), { within: join(folder, 'way') }), 'a');
});

read('has a limit, and reads nothing of a file that is larger', () => {
  const folder = folderWith({ a: 'four' });
  const path = join(folder, 'a');
  assert.is(readTextIfRegular(path, { limit: 4 }), 'four');
  assert.is(
    reasonOf(() => readRegularFile(path, { limit: 3 })),
    'is larger than 0 MiB',
  );
  truncateSync(path, 2 ** 40);
  assert.is(
    reasonOf(() => readRegularFile(path)),
    'is larger than 256 MiB',
  );
});

read.run();
