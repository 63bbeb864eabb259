/** Folders for the time of a build: nobody else's to read, and gone afterwards, whatever ends this program. */
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { printed } from '../../errors.ts';
import { systemReason } from '../../system-error.ts';
import { beforeEnd } from '../interrupts.ts';
import { type Io, UsageError } from '../io.ts';
import { mayLive, ownerWords, readOwner } from '../owner.ts';

/** What follows in a name says whose folder it is. */
const PREFIX = 'ma-overlays-';

/** The folders above ours that were looked through for what a killed run left. */
const cleaned = new Set<string>();

/** The folder that `$TMPDIR` names, or the system's own. */
export function temporaryParent(io: Io): string {
  return resolve(io.cwd, tmpdir());
}

/** Calls `work` with a new folder that only this user can look into, and removes it afterwards. */
export async function inTemporaryFolder<T>(
  parent: string,
  io: Io,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (!cleaned.has(parent)) removeLeft(parent);
  cleaned.add(parent);
  const folder = makeFolder(parent);
  const remove = () =>
    // What was stopped a moment ago may still put something there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  const forget = beforeEnd(io, remove);
  try {
    return await work(folder);
  } finally {
    forget();
    try {
      remove();
    } catch (error) {
      const why = systemReason(error as NodeJS.ErrnoException);
      io.stderr.write(`note: ${printed(folder)} cannot be removed: ${why}\n`);
    }
  }
}

function makeFolder(parent: string): string {
  const folder = join(parent, PREFIX + ownerWords());
  try {
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    throw new UsageError(
      `no temporary folder can be made in ${parent}: ${systemReason(error as NodeJS.ErrnoException)}`,
      'set TMPDIR to a folder that exists and can be written to',
    );
  }
}

/** Removes the folders of processes that were killed. Anybody may have made one with such a name: only our own user's are ours. */
function removeLeft(parent: string): void {
  for (const name of namesIn(parent).filter((name) => name.startsWith(PREFIX))) {
    const owner = readOwner(name.slice(PREFIX.length));
    if (owner === undefined || mayLive(owner)) continue;
    const path = join(parent, name);
    try {
      const status = lstatSync(path);
      if (status.isDirectory() && status.uid === process.getuid?.())
        rmSync(path, { recursive: true, force: true });
    } catch {
      // Another run removes it at this moment.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
