/** One process at a time, on any disk: also where the one before was killed. */
import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDiskError } from './disk-errors.ts';
import { CommandError } from './io.ts';
import { hostName, mayLive, type Owner, ownerWords, readOwner } from './owner.ts';

/** How long another process is waited for, in milliseconds: it holds the lock while it writes, not while it builds. */
const PATIENCE = 30_000;

const PREFIX = 'lock-';

/**
 * Runs `work`, which has to be synchronous, while no other process does the same with this folder. The folder is made, and goes away
 * again when nothing is left in it. `what` begins the message where another process keeps it for longer than `patience`.
 *
 * Each process that wants the lock makes a file with its own name, and has the lock when there is no other one. A name is made and taken
 * away in one step, and says whose it is: nobody can take away the file of a living process by mistake.
 */
export async function withLock<T>(
  folder: string,
  what: string,
  work: () => T,
  patience = PATIENCE,
): Promise<T> {
  const name = `${PREFIX}${ownerWords()}`;
  for (const end = Date.now() + patience; ; ) {
    const other = tryLock(folder, name);
    if (other === undefined)
      try {
        return work();
      } finally {
        unlock(folder, name);
      }
    if (Date.now() > end) {
      const owner = ownerOf(other) as Owner;
      const place = owner.host === hostName() ? '' : ` on ${owner.host}`;
      throw new CommandError(
        1,
        `${what}: process ${owner.pid}${place} is working on it`,
        `run it again when that has ended; if it has, remove ${join(folder, other)}`,
      );
    }
    await setTimeout(10 + Math.random() * 40);
  }
}

/** The file of another process that is alive; undefined where the lock is ours now. */
function tryLock(folder: string, name: string): string | undefined {
  for (;;) {
    makePrivateFolder(folder);
    try {
      writeFileSync(join(folder, name), '', { flag: 'wx' });
      break;
    } catch (error) {
      // Another process took the folder away in between.
      if (isDiskError(error, 'ENOENT')) continue;
      unlock(folder, name);
      throw error;
    }
  }
  for (const other of readdirSync(folder)) {
    const owner = ownerOf(other);
    if (owner === undefined || other === name) continue;
    if (mayLive(owner)) {
      unlock(folder, name);
      return other;
    }
    rmSync(join(folder, other), { force: true });
  }
  return undefined;
}

function unlock(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // Something is left in it, or another process is there.
  }
}

/** Without a right for others, because what is written there is not finished. */
function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isDiskError(error, 'EEXIST')) throw error;
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory())
      throw new CommandError(
        2,
        `${folder} is needed for work in progress, and is not a folder`,
        `move ${basename(folder)} elsewhere`,
      );
  }
}

function ownerOf(name: string): Owner | undefined {
  return name.startsWith(PREFIX) ? readOwner(name.slice(PREFIX.length)) : undefined;
}
