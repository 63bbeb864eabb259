import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderInChild } from '../../support/killed-render.ts';
import { withMount } from '../../support/mount.ts';
import { opened, renderTree, type Tree, treeOf } from '../../support/rendered-tree.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const OLD = {
  dev: { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
  kept: { 'k.yaml': 'k: 1\n' },
};
const CHANGE = { dev: { 'a.yaml': 'a: 2\n', 'c.yaml': 'c: 2\n' } };
const NEW = { ...OLD, ...CHANGE };

function oneOf(found: Tree | undefined, expected: readonly (Tree | undefined)[], at: string): void {
  const texts = expected.map((tree) => JSON.stringify(tree));
  assert.ok(texts.includes(JSON.stringify(found)), `${at}: ${JSON.stringify(found)}`);
}

/** Renders in a new folder again and again, each time killed one step later; `look` gets what is there then. */
async function atEveryStep(
  inFolder: (work: (parent: string) => Promise<void>) => Promise<void>,
  look: (parent: string, step: number) => Promise<void>,
): Promise<number> {
  let isKilled = true;
  let step = 0;
  while (isKilled) {
    step += 1;
    await inFolder(async (parent) => {
      const words = { folder: join(parent, 'out'), environments: CHANGE, killAt: step };
      const { signal, status, stderr } = await renderInChild(words);
      isKilled = signal === 'SIGKILL';
      if (!isKilled) assert.is(status, 0, stderr);
      await look(parent, step);
    });
  }
  return step - 1;
}

/** With what an earlier rendering left, and a file of somebody else's. */
async function prepare(parent: string): Promise<void> {
  await renderTree(join(parent, 'out'), OLD);
  writeFileSync(join(parent, 'mine'), '');
}

async function requireRecovery(parent: string, step: number): Promise<void> {
  const folder = join(parent, 'out');
  await opened(folder);
  oneOf(treeOf(folder), [OLD, NEW], `opened after step ${step}`);
  assert.equal(readdirSync(parent).sort(), ['mine', 'out'], `leftovers of step ${step}`);
  await renderTree(folder, CHANGE);
  oneOf(treeOf(folder), [NEW], `rendered again after step ${step}`);
  assert.equal(readdirSync(parent).sort(), ['mine', 'out'], `leftovers of step ${step}`);
}

async function inTemporaryFolder(work: (parent: string) => Promise<void>): Promise<void> {
  const parent = temporaryFolder();
  await work(parent);
  rmSync(parent, { recursive: true, force: true });
}

const kills = suite('render --out, killed');

kills('at every step: the old state or the new one, and the next run clears up', async () => {
  const inPrepared = (work: (parent: string) => Promise<void>) =>
    inTemporaryFolder(async (parent) => {
      await prepare(parent);
      await work(parent);
    });
  const steps = await atEveryStep(inPrepared, async (parent, step) => {
    oneOf(treeOf(join(parent, 'out')), [OLD, NEW, undefined], `killed before step ${step}`);
    await requireRecovery(parent, step);
  });
  assert.ok(steps > 20, `${steps} steps`);
});

kills('at every step in the lower layer of an image, where folders cannot be moved', async () => {
  await withMount(['-t', 'tmpfs', 'tmpfs'], async (disk) => {
    const inLayer = async (work: (parent: string) => Promise<void>) => {
      for (const name of ['lower', 'upper', 'work']) {
        rmSync(join(disk, name), { recursive: true, force: true });
        mkdirSync(join(disk, name));
      }
      await prepare(join(disk, 'lower'));
      const layers = `lowerdir=${disk}/lower,upperdir=${disk}/upper,workdir=${disk}/work`;
      await withMount(['-t', 'overlay', '-o', layers, 'overlay'], work);
    };
    const steps = await atEveryStep(inLayer, requireRecovery);
    assert.ok(steps > 30, `${steps} steps`);
  });
});

kills('at every step of the first rendering: nothing, or the new state', async () => {
  const steps = await atEveryStep(inTemporaryFolder, async (parent, step) => {
    const folder = join(parent, 'out');
    oneOf(treeOf(folder), [undefined, CHANGE], `killed before step ${step}`);
    await renderTree(folder, CHANGE);
    oneOf(treeOf(folder), [CHANGE], `rendered again after step ${step}`);
    assert.equal(readdirSync(parent), ['out'], `leftovers of step ${step}`);
  });
  assert.ok(steps > 8, `${steps} steps`);
});

kills.run();
