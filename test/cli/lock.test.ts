import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError } from '../../src/cli/io.ts';
import { withLock } from '../../src/cli/lock.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The file of a process like this one, but for what is given. */
async function nameWith(changes: Readonly<Record<number, string | undefined>>): Promise<string> {
  const folder = join(temporaryFolder(), 'lock');
  const [name = ''] = await withLock(folder, 'it', () => readdirSync(join(folder, 'held')));
  const [word = '', pid = '', start = '', boot = '', space = '', _, ...host] = name.split('-');
  const words = [word, pid, start, boot, space, '00000000', host.join('-')];
  return words.map((own, index) => changes[index] ?? own).join('-');
}

/** A folder of a lock that a process of this name holds. */
function heldBy(name: string): string {
  const folder = join(temporaryFolder(), 'lock');
  mkdirSync(join(folder, 'held'), { recursive: true });
  writeFileSync(join(folder, 'held', name), '');
  return folder;
}

const SHORT = 60;

/** The message where the lock is not to be had. */
async function refusal(folder: string): Promise<string | undefined> {
  try {
    await withLock(folder, 'it cannot be written', () => undefined, SHORT);
    return undefined;
  } catch (error) {
    assert.instance(error, CommandError);
    assert.is((error as CommandError).status, 1);
    return (error as CommandError).message;
  }
}

const lock = suite('a lock');

lock('is there while the work runs, and leaves nothing, also where the work fails', async () => {
  const folder = join(temporaryFolder(), 'lock');
  assert.is(await withLock(folder, 'it', () => readdirSync(folder).length), 1);
  assert.not(existsSync(folder));
  try {
    await withLock(folder, 'it', () => {
      throw new Error('of the work');
    });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'of the work');
  }
  assert.not(existsSync(folder));
});

lock('of a process that lives is waited for, and then named', async () => {
  const name = await nameWith({});
  const folder = heldBy(name);
  assert.is(await refusal(folder), `it cannot be written: process ${process.pid} is working on it`);
  assert.equal(readdirSync(folder, { recursive: true }), ['held', `held/${name}`]);
});

lock(
  'of a process that has ended is free: killed, its number used again, the computer restarted',
  async () => {
    const { stdout: ended } = await execa(process.execPath, ['-p', 'process.pid']);
    for (const changes of [{ 1: ended }, { 2: '1' }, { 3: '01234567' }]) {
      const folder = heldBy(await nameWith(changes));
      assert.is(await refusal(folder), undefined, JSON.stringify(changes));
      assert.not(existsSync(folder));
    }
  },
);

lock(
  'of a process that is not seen from here stays: in another container, on another computer',
  async () => {
    for (const changes of [{ 4: '01234567' }, { 6: 'elsewhere' }]) {
      const name = await nameWith(changes);
      const folder = heldBy(name);
      assert.match((await refusal(folder)) ?? '', 'is working on it');
      assert.equal(readdirSync(folder, { recursive: true }), ['held', `held/${name}`]);
    }
  },
);

lock(
  'clears away what a process left that was killed while it asked, and nothing else',
  async () => {
    const [dead, alive] = [await nameWith({ 2: '1' }), await nameWith({})];
    const folder = join(temporaryFolder(), 'lock');
    for (const name of [dead, alive]) {
      mkdirSync(join(folder, `claim-${name}`), { recursive: true });
      writeFileSync(join(folder, `claim-${name}`, name), '');
    }
    writeFileSync(join(folder, 'mine'), '');
    assert.is(await refusal(folder), undefined);
    assert.equal(readdirSync(folder).sort(), [`claim-${alive}`, 'mine']);
  },
);

lock("with something in it that is nobody's is named", async () => {
  const folder = heldBy('mine');
  assert.is(await refusal(folder), `${folder}/held is not as this command leaves it`);
  assert.equal(readdirSync(join(folder, 'held')), ['mine']);
});

lock('lets one after the other work', async () => {
  const folder = join(temporaryFolder(), 'lock');
  let done = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      withLock(folder, 'it', () => {
        done += 1;
      }),
    ),
  );
  assert.is(done, 20);
  assert.not(existsSync(folder));
});

lock.run();
