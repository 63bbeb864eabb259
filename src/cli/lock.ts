/** One process at a time, on any disk: also where the one before was killed. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDiskError } from './disk-errors.ts';
import { CommandError } from './io.ts';
import { hostName, mayLive, type Owner, ownerWords, readOwner } from './owner.ts';

/** How long another process is waited for, in milliseconds: it holds the lock while it writes, not while it builds. */
const PATIENCE = 30_000;

const PREFIX = 'lock-';

/** A folder that is moved into place, which can be done once at a time, with the file in it that says whose it is. */
const HELD = 'held';

/**
 * Runs `work`, which has to be synchronous, while no other process does the same with this folder. The folder is made, and goes away
 * again when nothing is left in it. `what` begins the message where one process keeps the lock for longer than `patience`.
 */
export async function withLock<T>(
  folder: string,
  what: string,
  work: () => T,
  patience = PATIENCE,
): Promise<T> {
  const name = `${PREFIX}${ownerWords()}`;
  let holder: string | undefined;
  for (let end = 0; ; ) {
    const other = tryLock(folder, name);
    if (other === undefined)
      try {
        return work();
      } finally {
        unlock(folder, HELD, name);
      }
    // As long as one follows the other, there is nothing wrong.
    if (other !== holder) end = Date.now() + patience;
    holder = other;
    if (Date.now() > end) {
      const owner = ownerOf(other) as Owner;
      const place = owner.host === hostName() ? '' : ` on ${owner.host}`;
      throw new CommandError(
        1,
        `${what}: process ${owner.pid}${place} is working on it`,
        `run it again when that has ended; if it has, remove ${join(folder, HELD)}`,
      );
    }
    await setTimeout(10 + Math.random() * 40);
  }
}

/** The file of another process that is alive; undefined where the lock is ours now. */
function tryLock(folder: string, name: string): string | undefined {
  const held = join(folder, HELD);
  // Turns in which others come and go are few.
  for (let turn = 0; turn < 1000; turn += 1) {
    if (claim(folder, name)) {
      clearClaims(folder);
      return undefined;
    }
    const other = readNames(held).find((found) => ownerOf(found) !== undefined);
    if (other !== undefined && mayLive(ownerOf(other) as Owner)) return other;
    // By its own name, so that nothing of a process that came in between is taken away.
    if (other !== undefined) rmSync(join(held, other), { force: true });
    removeIfEmpty(held);
  }
  throw new CommandError(1, `${held} is not as this command leaves it`, 'remove it');
}

/** False where another process has the lock, or had it until now. */
function claim(folder: string, name: string): boolean {
  const own = `claim-${name}`;
  makePrivateFolder(folder);
  try {
    mkdirSync(join(folder, own));
    writeFileSync(join(folder, own, name), '');
    renameSync(join(folder, own), join(folder, HELD));
    return true;
  } catch (error) {
    unlock(folder, own, name);
    // Another process took the empty folder away in between, or is there; Windows says the latter with EPERM.
    const isOther =
      isDiskError(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST') ||
      (isDiskError(error, 'EPERM', 'EACCES') && readNames(join(folder, HELD)).length > 0);
    if (!isOther) throw error;
    return false;
  }
}

/** Of processes that were killed while they asked. */
function clearClaims(folder: string): void {
  for (const entry of readNames(folder)) {
    const name = entry.startsWith('claim-') ? entry.slice('claim-'.length) : '';
    const owner = ownerOf(name);
    if (owner === undefined || mayLive(owner)) continue;
    rmSync(join(folder, entry, name), { force: true });
    removeIfEmpty(join(folder, entry));
  }
}

function unlock(folder: string, place: string, name: string): void {
  rmSync(join(folder, place, name), { force: true });
  removeIfEmpty(join(folder, place));
  removeIfEmpty(folder);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is left in it, or another process took it away.
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
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
