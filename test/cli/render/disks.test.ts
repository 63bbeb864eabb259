import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError, formatCommandError } from '../../../src/cli/io.ts';
import { renderInChild } from '../../support/killed-render.ts';
import { asRoot, withMount } from '../../support/mount.ts';
import { opened, renderTree, treeOf } from '../../support/rendered-tree.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const OLD = { a: { 'x.yaml': 'a\n' }, b: { 'x.yaml': 'b\n' } };
const NEW = { a: { 'x.yaml': 'new\n', 'y.yaml': 'new\n' } };

/** What is printed where it is refused, with the exit status before it. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `${error.status} ${formatCommandError(error)}`;
  }
  return 'not refused';
}

const disks = suite('render --out, on any disk');

disks('a place that can be no folder is named, and left alone', async () => {
  const parent = temporaryFolder();
  writeFileSync(join(parent, 'file'), 'text');
  symlinkSync('nowhere', join(parent, 'dangling'));
  symlinkSync('loop', join(parent, 'loop'));
  symlinkSync('file', join(parent, 'to-file'));
  await execa('mkfifo', [join(parent, 'fifo')]);
  const before = readdirSync(parent);
  for (const [name, message] of [
    ['file', `${parent}/file is a file`],
    ['file/out', `a part of its path is a file (ENOTDIR)`],
    ['dangling', `${parent}/dangling is a link that leads nowhere`],
    ['dangling/out', `${parent}/dangling is a link that leads nowhere`],
    ['loop', `${parent}/loop is a link that leads nowhere`],
    ['to-file', `${parent}/to-file is not a folder`],
    ['fifo', `${parent}/fifo is not a folder`],
    ['/dev/null', '/dev/null is not a folder'],
    ['x'.repeat(256), 'the name is too long (ENAMETOOLONG)'],
    ['/', 'is the folder that this runs in, or one above it'],
  ] as const) {
    const path = name.startsWith('/') ? name : `${parent}/${name}`;
    const said = await refusal(renderTree(path, NEW));
    assert.match(said, /^2 error: --out /);
    assert.match(said, message);
    assert.match(said, /\n {2}fix {7}\S/);
  }
  assert.equal(readdirSync(parent), before);
  assert.is(readFileSync(join(parent, 'file'), 'utf8'), 'text');
});

disks('a folder with the longest name of all, deep in folders that are not there', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'deep/deeper', 'x'.repeat(255));
  await renderTree(folder, OLD);
  await renderTree(folder, NEW);
  assert.equal(treeOf(folder), { ...OLD, ...NEW });
  assert.equal(readdirSync(join(folder, '..')).length, 1);
});

disks('two names that only some disks tell apart are refused everywhere', async () => {
  const folder = join(temporaryFolder(), 'out');
  await renderTree(folder, OLD);
  for (const name of ['A', 'B']) {
    const said = await refusal(renderTree(folder, { [name]: { 'x.yaml': '' } }));
    assert.match(said, /two overlays would be written to [ab]/i);
  }
  assert.equal(treeOf(folder), OLD);
});

disks('a link to a folder is followed, and stays a link', async () => {
  const parent = temporaryFolder();
  mkdirSync(join(parent, 'real'));
  symlinkSync('real', join(parent, 'link'));
  await renderTree(join(parent, 'link'), OLD);
  await renderTree(join(parent, 'link'), NEW);
  assert.equal(treeOf(join(parent, 'real')), { ...OLD, ...NEW });
  assert.equal(readdirSync(parent).sort(), ['link', 'real']);
});

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

disks('new files have the modes of the umask, old ones keep what somebody set', async () => {
  for (const [umask, folderMode, fileMode, noLinks] of [
    [0o022, '755', '644', false],
    [0o077, '700', '600', true],
    [0o027, '750', '640', true],
  ] as const) {
    const folder = join(temporaryFolder(), 'out');
    assert.is((await renderInChild({ folder, environments: OLD, umask })).status, 0);
    assert.is(mode(folder), folderMode);
    assert.is(mode(join(folder, 'a')), folderMode);
    assert.is(mode(join(folder, 'a/x.yaml')), fileMode);
    assert.is(mode(join(folder, '.rendered-by-ma-overlays')), fileMode);
    chmodSync(folder, 0o2711);
    chmodSync(join(folder, 'b'), 0o711);
    chmodSync(join(folder, 'a/x.yaml'), 0o604);
    chmodSync(join(folder, 'b/x.yaml'), 0o604);
    const { mtimeMs } = statSync(join(folder, 'b/x.yaml'));
    assert.is((await renderInChild({ folder, environments: NEW, umask, noLinks })).status, 0);
    assert.is(mode(folder), '2711');
    assert.is(mode(join(folder, 'b')), '711');
    assert.is(mode(join(folder, 'a/x.yaml')), '604');
    assert.is(mode(join(folder, 'b/x.yaml')), '604');
    assert.is(mode(join(folder, 'a/y.yaml')), fileMode);
    assert.ok(Math.abs(statSync(join(folder, 'b/x.yaml')).mtimeMs - mtimeMs) < 1);
  }
});

const LARGE = { a: { 'x.yaml': 'x'.repeat(40_000), 'y.yaml': 'y'.repeat(40_000) } };

disks('a full disk: the old state stays, and nothing beside it', async () => {
  for (const size of ['8k', '16k', '20k', '24k', '28k', '32k', '64k', '100k', '120k'])
    await withMount(['-t', 'tmpfs', '-o', `size=${size},mode=777`, 'tmpfs'], async (disk) => {
      const first = join(disk, 'first');
      const said = await refusal(renderTree(first, LARGE));
      if (said !== 'not refused') {
        assert.match(said, /^1 error: --out .*: the disk is full \(ENOSPC\)\n {2}fix {7}make room/);
        assert.equal(readdirSync(disk), []);
      }
      await renderTree(join(disk, 'small'), { a: { 'x.yaml': 'a' } }).catch(() => undefined);
      const old = treeOf(join(disk, 'small'));
      const present = readdirSync(disk).sort();
      if ((await refusal(renderTree(join(disk, 'small'), LARGE))) === 'not refused') return;
      assert.equal(treeOf(join(disk, 'small')), old);
      assert.equal(readdirSync(disk).sort(), present);
    });
});

disks('a disk without one more name: the same', async () => {
  for (let names = 4; names < 24; names += 1)
    await withMount(['-t', 'tmpfs', '-o', `nr_inodes=${names},mode=777`, 'tmpfs'], async (disk) => {
      const folder = join(disk, 'out');
      const first = await refusal(renderTree(folder, OLD));
      const old = treeOf(folder);
      if (first === 'not refused') assert.equal(old, OLD);
      else {
        assert.match(first, 'the disk is full (ENOSPC)');
        assert.is(old, undefined);
      }
      const second = await refusal(renderTree(folder, NEW));
      if (second !== 'not refused') assert.equal(treeOf(folder), old);
      assert.equal(
        readdirSync(disk).filter((name) => name !== 'out'),
        [],
      );
    });
});

disks('a read-only disk is said before anything is built', async () => {
  await withMount(['-t', 'tmpfs', '-o', 'mode=777', 'tmpfs'], async (disk) => {
    await renderTree(join(disk, 'out'), OLD);
    await asRoot(['mount', '-o', 'remount,ro', disk]);
    for (const name of ['out', 'new', 'deep/new']) {
      const said = await refusal(opened(join(disk, name)));
      assert.match(said, /^2 error: --out .*: the disk is read-only \(EROFS\)\n {2}fix/);
    }
    assert.equal(treeOf(join(disk, 'out')), OLD);
  });
});

disks('a mount itself cannot be replaced, and says so', async () => {
  await withMount(['-t', 'tmpfs', '-o', 'mode=777', 'tmpfs'], async (disk) => {
    const said = await refusal(opened(disk));
    assert.match(said, /^2 error: --out .* is a disk of its own/);
    assert.equal(readdirSync(disk), []);
  });
});

disks('a folder of another user is refused before anything is built', async () => {
  if (process.getuid?.() !== 0) {
    process.stdout.write('left out, because only root can be another user\n');
    return;
  }
  const parent = temporaryFolder();
  chmodSync(parent, 0o777);
  const folder = join(parent, 'out');
  await renderTree(folder, OLD);
  const asNobody = (path: string) => renderInChild({ folder: path, environments: NEW, uid: 65534 });
  for (const path of [folder, '/root/out', join(folder, 'deep/new')]) {
    const { status, stderr } = await asNobody(path);
    assert.is(status, 2, stderr);
    assert.match(stderr, 'permission is denied (EACCES)');
  }
  assert.equal(treeOf(folder), OLD);
  // What is theirs stays theirs where root renders into it.
  for (const path of [folder, join(folder, 'a'), join(folder, 'a/x.yaml'), join(folder, 'b')])
    chownSync(path, 65534, 65534);
  await renderTree(folder, NEW);
  for (const path of [folder, join(folder, 'a'), join(folder, 'a/x.yaml'), join(folder, 'b')])
    assert.is(statSync(path).uid, 65534, path);
  assert.not(existsSync(join(parent, '.out.ma-overlays-work')));
});

disks('a name of ours that is taken by something else is left alone', async () => {
  const parent = temporaryFolder();
  const taken = join(parent, '.out.ma-overlays-work');
  writeFileSync(taken, 'mine');
  assert.match(await refusal(renderTree(join(parent, 'out'), NEW)), `2 error: ${taken} is needed`);
  assert.is(readFileSync(taken, 'utf8'), 'mine');
});

disks.run();
