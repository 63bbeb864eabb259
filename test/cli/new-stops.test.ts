/** `new` that is killed, that runs twice at once, or beside somebody who makes the same folders. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { soundKustomize } from '../support/sound-kustomize.ts';
import { KILL, runStepped } from '../support/stepped.ts';
import { someSteps } from '../support/steps.ts';
import { folderWith } from '../support/temporary.ts';

const given = ['--domain', 'eu.ml.example.com', '--tls-mode', 'secret', '--controller', 'traefik'];
const words = (name: string, ...more: string[]) => ['new', name, ...given, ...more];

/** Another environment, with hosts of its own. */
const other = words('us', '--domain', 'us.ml.example.com');

const env = { KUSTOMIZE: soundKustomize() };

const withBase = () => folderWith({ 'base/kustomization.yaml': 'resources: []\n' });

/** Every path with what is there; empty folders too. */
function treeOf(folder: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    const status = lstatSync(path);
    tree[name] = status.isDirectory()
      ? 'folder'
      : status.isSymbolicLink()
        ? readlinkSync(path)
        : `${status.mode & 0o777} ${readFileSync(path, 'utf8')}`;
  }
  return tree;
}

/** The parts that have their names, without drafts. */
function partsOf(folder: string): Record<string, Record<string, string>> {
  const parts = ['base', 'plugin', 'overlays/eu', 'overlays/us'];
  return Object.fromEntries(
    parts.flatMap((name) =>
      existsSync(join(folder, name)) ? [[name, treeOf(join(folder, name))]] : [],
    ),
  );
}

const drafts = (folder: string) =>
  Object.keys(treeOf(folder)).filter((path) => path.includes('.ma-overlays-'));

const stops = suite('new, stopped');

stops('leaves all or nothing, whenever it is killed; the next run clears up', async () => {
  const whole = withBase();
  const { steps, stderr } = await runStepped({ words: words('eu'), folder: whole }, env);
  assert.ok(steps >= 8, stderr);
  for (const at of someSteps(steps)) {
    const folder = withBase();
    const { signal } = await runStepped({ words: words('eu'), folder, at, command: KILL }, env);
    assert.is(signal, 'SIGKILL', `step ${at}`);
    const parts = partsOf(folder);
    const isDone = parts['overlays/eu'] !== undefined;
    if (isDone) assert.equal(parts, partsOf(whole), `step ${at}`);
    const next = await runStepped({ words: isDone ? other : words('eu'), folder }, env);
    assert.is(next.status, 0, next.stderr);
    assert.equal(drafts(folder), []);
    assert.equal(partsOf(folder)['overlays/eu'], partsOf(whole)['overlays/eu']);
  }
});

stops(
  'a base and a plugin are whole or not there; the same words make what is missing',
  async () => {
    const whole = folderWith({});
    const again = words('eu', '--with-base');
    const { steps, stderr } = await runStepped({ words: again, folder: whole }, env);
    assert.ok(steps > 50, stderr);
    const made = partsOf(whole);
    assert.equal(Object.keys(made), ['base', 'plugin', 'overlays/eu']);
    // Every step from the first rename on, and some of the many before it.
    const chosen = [3, 47, ...Array.from({ length: 6 }, (_, index) => steps - index)];
    for (const at of chosen) {
      const folder = folderWith({});
      const killed = await runStepped({ words: again, folder, at, command: KILL }, env);
      assert.is(killed.signal, 'SIGKILL', `step ${at}`);
      const parts = partsOf(folder);
      for (const [name, tree] of Object.entries(parts))
        assert.equal(tree, made[name], `step ${at}`);
      const next = await runStepped({ words: again, folder }, env);
      if (parts['overlays/eu'] === undefined) assert.is(next.status, 0, next.stderr);
      else assert.match(next.stderr, 'overlays/eu exists already: a folder with domain.yaml, kust');
      assert.equal(partsOf(folder), made);
      if (next.status === 0) assert.equal(drafts(folder), []);
    }
  },
);

stops('says what the disk refuses at any step, and leaves what was there', async () => {
  const { steps } = await runStepped({ words: words('eu'), folder: withBase() }, env);
  for (const at of someSteps(steps)) {
    const folder = withBase();
    const failed = await runStepped({ words: words('eu'), folder, at, fail: 'ENOSPC' }, env);
    // The last step clears up what is empty by then.
    assert.is(failed.status, at < steps ? 1 : 0, failed.stderr);
    if (failed.status === 0) continue;
    assert.match(failed.stderr, /^error: overlays\/eu cannot be made: the disk is full/m);
    assert.equal(partsOf(folder), partsOf(withBase()));
    assert.equal(drafts(folder), []);
  }
});

stops('leaves base and plugin whole where the disk refuses a later step, and says so', async () => {
  const again = words('eu', '--with-base');
  const whole = folderWith({});
  const { steps } = await runStepped({ words: again, folder: whole }, env);
  for (let at = steps - 5; at <= steps; at += 1) {
    const folder = folderWith({});
    const failed = await runStepped({ words: again, folder, at, fail: 'EIO' }, env);
    if (failed.status === 0) continue;
    const parts = partsOf(folder);
    assert.is(failed.status, 1);
    for (const [name, tree] of Object.entries(parts)) {
      assert.equal(tree, partsOf(whole)[name]);
      if (parts['overlays/eu'] === undefined) assert.match(failed.stderr, name);
    }
    assert.equal(drafts(folder), []);
    const next = await runStepped({ words: again, folder }, env);
    assert.ok(next.status === 0 || /overlays\/eu exists already/.test(next.stderr), next.stderr);
  }
});

for (const name of ['base', 'plugin', 'overlays/eu'])
  stops(`${name} that somebody makes meanwhile stays, and nothing is taken away`, async () => {
    const again = words('eu', '--with-base');
    const { steps } = await runStepped({ words: again, folder: folderWith({}) }, env);
    const command = `mkdir -p ${name} && echo mine > ${name}/mine.txt`;
    for (const at of [2, steps - 6, steps - 5]) {
      const folder = folderWith({});
      const { status, stderr, stdout } = await runStepped(
        { words: again, folder, at, command },
        env,
      );
      assert.is(readFileSync(join(folder, name, 'mine.txt'), 'utf8'), 'mine\n');
      if (status === 0) continue;
      assert.is(status, 1, stderr);
      assert.is(stdout, '');
      assert.match(stderr, `error: ${name} was made by somebody else while this ran`);
      assert.equal(readdirSync(join(folder, name)), ['mine.txt']);
      assert.equal(drafts(folder), []);
    }
  });

stops('of two with the same name one wins, and the other changes nothing', async () => {
  for (const more of [[], ['--with-base']])
    for (let round = 0; round < 2; round += 1) {
      const folder = more.length > 0 ? folderWith({}) : withBase();
      const both = await Promise.all(
        [1, 2].map(() => runStepped({ words: words('eu', ...more), folder }, env)),
      );
      const won = both.filter(({ status }) => status === 0);
      const lost = both.filter(({ status }) => status !== 0);
      assert.is(won.length, 1);
      assert.match(lost[0]?.stderr ?? '', /overlays\/eu (was made by somebody|exists already)/);
      assert.equal(drafts(folder), []);
      assert.equal(readdirSync(join(folder, 'overlays/eu')), ['domain.yaml', 'kustomization.yaml']);
    }
});

stops('two with different names both succeed', async () => {
  const folder = folderWith({});
  const both = await Promise.all(
    ['eu', 'us'].map((name) => runStepped({ words: words(name, '--with-base'), folder }, env)),
  );
  for (const { status, stderr } of both) assert.is(status, 0, stderr);
  assert.equal(readdirSync(folder).sort(), ['base', 'overlays', 'plugin']);
  assert.equal(readdirSync(join(folder, 'overlays')), ['eu', 'us']);
});

stops.run();
