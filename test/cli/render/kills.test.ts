import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderInChild } from '../../support/killed-render.ts';
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

/** Kills the second rendering before each of its steps; `looks` gets what is there then. */
async function atEveryStep(
  prepare: (parent: string) => Promise<void>,
  look: (parent: string, step: number) => Promise<void>,
): Promise<number> {
  for (let step = 1; ; step += 1) {
    const parent = temporaryFolder();
    await prepare(parent);
    const folder = join(parent, 'out');
    const { signal, status } = await renderInChild({ folder, environments: CHANGE, killAt: step });
    await look(parent, step);
    rmSync(parent, { recursive: true, force: true });
    if (signal === undefined) {
      assert.is(status, 0);
      return step - 1;
    }
    assert.is(signal, 'SIGKILL');
  }
}

const kills = suite('render --out, killed');

kills('at every step: the old state or the new one, and the next run clears up', async () => {
  const renderOld = async (parent: string) => {
    await renderTree(join(parent, 'out'), OLD);
    writeFileSync(join(parent, 'mine'), '');
  };
  const steps = await atEveryStep(renderOld, async (parent, step) => {
    const folder = join(parent, 'out');
    oneOf(treeOf(folder), [OLD, NEW, undefined], `killed before step ${step}`);
    await opened(folder);
    oneOf(treeOf(folder), [OLD, NEW], `opened after step ${step}`);
    assert.equal(readdirSync(parent).sort(), ['mine', 'out'], `leftovers of step ${step}`);
    await renderTree(folder, CHANGE);
    oneOf(treeOf(folder), [NEW], `rendered again after step ${step}`);
    assert.equal(readdirSync(parent).sort(), ['mine', 'out'], `leftovers of step ${step}`);
  });
  assert.ok(steps > 20, `${steps} steps`);
});

kills('at every step of the first rendering: nothing, or the new state', async () => {
  const steps = await atEveryStep(
    async () => undefined,
    async (parent, step) => {
      const folder = join(parent, 'out');
      oneOf(treeOf(folder), [undefined, CHANGE], `killed before step ${step}`);
      await renderTree(folder, CHANGE);
      oneOf(treeOf(folder), [CHANGE], `rendered again after step ${step}`);
      assert.equal(readdirSync(parent), ['out'], `leftovers of step ${step}`);
    },
  );
  assert.ok(steps > 8, `${steps} steps`);
});

kills.run();
