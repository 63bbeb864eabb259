/** What a run makes beside its place before it puts it there, and what killed runs left of that. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../system-error.ts';
import { mayLive, ownerWords, readOwner } from './owner.ts';

/** After that long, in milliseconds, no run is still at it, also on another computer that shares the disk. */
const LONGEST_RUN = 24 * 60 * 60 * 1000;

/** A path in this folder that nothing has yet. It says whose it is, and not what it becomes: names may be as long as a disk takes. */
export function draftPath(folder: string, verb: string): string {
  return join(folder, `${prefixOf(verb)}${ownerWords()}`);
}

/** Takes away the drafts of runs that have ended without doing so. What it may not see or remove stays: that hinders no new run. */
export function removeLeftovers(folder: string, verb: string): void {
  const prefix = prefixOf(verb);
  for (const name of namesIn(folder).filter((name) => name.startsWith(prefix))) {
    const owner = readOwner(name.slice(prefix.length));
    const path = join(folder, name);
    if (owner === undefined || (mayLive(owner) && !isOld(path))) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

function prefixOf(verb: string): string {
  return `.ma-overlays-${verb}-`;
}

function isOld(path: string): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > LONGEST_RUN;
}
