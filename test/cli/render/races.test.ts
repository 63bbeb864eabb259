import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError } from '../../../src/cli/io.ts';
import { renderInChild } from '../../support/killed-render.ts';
import { opened, renderTree, treeOf } from '../../support/rendered-tree.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';

const A = { a: { 'x.yaml': 'a\n' } };
const B = { b: { 'x.yaml': 'b\n' } };
const C = { c: { 'x.yaml': 'c\n' } };

/** A folder for output, alone in its parent. */
const outFolder = () => join(temporaryFolder(), 'out');

async function refused(work: Promise<void>, message: RegExp): Promise<void> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, CommandError);
    assert.match((error as CommandError).message, message);
    return;
  }
  assert.unreachable('was not refused');
}

const races = suite('render --out, at the same time as others');

races('several renderings of different overlays are all there afterwards', async () => {
  for (let round = 0; round < 4; round += 1) {
    const folder = outFolder();
    const ended = await Promise.all(
      [A, B, C].map((environments) => renderInChild({ folder, environments, pause: round * 20 })),
    );
    assert.equal(
      ended.map(({ status, stderr }) => [status, stderr]),
      [
        [0, ''],
        [0, ''],
        [0, ''],
      ],
    );
    assert.equal(treeOf(folder), { ...A, ...B, ...C });
    assert.equal(readdirSync(join(folder, '..')), ['out']);
  }
});

races(
  '--all takes away what was there, and nothing that another rendering made since',
  async () => {
    const folder = outFolder();
    await renderTree(folder, { ...A, ...B });
    const write = await opened(folder);
    await renderTree(folder, C);
    await write(A, true);
    assert.equal(treeOf(folder), { ...A, ...C });
  },
);

races('an environment that changed meanwhile is not written over, and not taken away', async () => {
  const folder = outFolder();
  await renderTree(folder, { ...A, ...B });
  const write = await opened(folder);
  const changed = { b: { 'x.yaml': 'changed\n' } };
  await renderTree(folder, changed);
  await refused(write({ b: { 'x.yaml': 'mine\n' } }), /\/out\/b changed while this was rendered/);
  await refused(write(A, true), /\/out\/b changed while this was rendered/);
  assert.equal(treeOf(folder), { ...A, ...changed });
  // The same content from both is no loss.
  await write(changed);
  assert.equal(treeOf(folder), { ...A, ...changed });
});

races('an edit by hand while overlays are built is not lost', async () => {
  const folder = outFolder();
  await renderTree(folder, A);
  const write = await opened(folder);
  writeFileSync(join(folder, 'a/x.yaml'), 'by hand\n');
  await refused(write({ a: { 'x.yaml': 'mine\n' } }), /\/out\/a changed while/);
  assert.is(readFileSync(join(folder, 'a/x.yaml'), 'utf8'), 'by hand\n');
  assert.equal(readdirSync(join(folder, '..')), ['out']);
});

races('what appears in the folder while overlays are built stays, and stops it', async () => {
  for (const name of ['note.txt', 'a/note.txt', 'a/y.yaml']) {
    const folder = outFolder();
    await renderTree(folder, A);
    const write = await opened(folder);
    writeFileSync(join(folder, name), 'text');
    const next = { a: { 'x.yaml': 'new\n', 'y.yaml': 'new\n' } };
    await refused(write(next), new RegExp(`holds what this command did not make: ${name}$`));
    assert.is(readFileSync(join(folder, name), 'utf8'), 'text');
    assert.is(readFileSync(join(folder, 'a/x.yaml'), 'utf8'), 'a\n');
    assert.equal(readdirSync(join(folder, '..')), ['out']);
  }
});

races('a link in place of a file or a folder of ours is not followed', async () => {
  const folder = outFolder();
  const theirs = folderWith({ 'x.yaml': 'theirs\n' });
  await renderTree(folder, A);
  const write = await opened(folder);
  rmSync(join(folder, 'a'), { recursive: true });
  symlinkSync(theirs, join(folder, 'a'));
  await refused(write({ a: { 'y.yaml': 'new\n' } }), /did not make: a$/);
  assert.equal(readdirSync(theirs), ['x.yaml']);
});

races('a folder that somebody makes meanwhile stays', async () => {
  const parent = temporaryFolder();
  const write = await opened(join(parent, 'out'));
  symlinkSync(folderWith({ 'out/note.txt': 'text' }), join(parent, 'theirs'));
  symlinkSync('theirs/out', join(parent, 'out'));
  await refused(
    write(A),
    /was made by somebody else while it was replaced|was not made by this command/,
  );
  assert.is(readFileSync(join(parent, 'out/note.txt'), 'utf8'), 'text');
});

races(
  'a file that appears at any step is there afterwards, and the old state or the new one',
  async () => {
    const next = { a: { 'x.yaml': 'new\n' } };
    let isDone = false;
    for (let addAt = 1; !isDone; addAt += 1) {
      const folder = outFolder();
      await renderTree(folder, { ...A, ...B });
      const added = join(folder, 'a/mine');
      const ended = await renderInChild({ folder, environments: next, addAt, added });
      isDone = ended.steps < addAt;
      const files = readdirSync(join(folder, '..'), { recursive: true, encoding: 'utf8' });
      const at = `before step ${addAt}: ${ended.stderr}\n${files.join('\n')}`;
      const texts = files
        .filter((path) => path.endsWith('a/x.yaml'))
        .map((path) => readFileSync(join(folder, '..', path), 'utf8'));
      assert.is(files.filter((path) => path.endsWith('mine')).length, isDone ? 0 : 1, at);
      assert.equal(texts, [ended.status === 0 ? 'new\n' : 'a\n'], at);
      assert.is(files.filter((path) => path.endsWith('b/x.yaml')).length, 1, at);
      if (ended.status !== 0)
        assert.match(ended.stderr, /did not make: .*mine|made by somebody else/);
    }
  },
);

races.run();
