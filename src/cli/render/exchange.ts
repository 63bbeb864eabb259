/** Replaces a folder of rendered files, so that a kill at any step leaves the old state or the new one, or what `recover` makes of it. */
import { mkdirSync, readdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { someOf } from '../../errors.ts';
import { diskError, isDiskError } from '../disk-errors.ts';
import { CommandError } from '../io.ts';
import {
  foreignEntries,
  guestsIn,
  isFolder,
  isThere,
  MARKER,
  type OwnFiles,
  presentFiles,
  readMakers,
  readMarker,
  sumsOf,
  writeMarker,
} from './marker.ts';
import { copyEnvironment, copyFolder, removeOwn, takeOver } from './own-files.ts';
import type { MadeFiles } from './spool.ts';

/**
 * Work in progress, in the folder of the lock beside the one that is replaced:
 * - `next`: what is being written; never the only copy of anything
 * - `old`: what was there, from the moment it makes place until the new one is there; may be the only copy
 * - `gone`: the same after that, while it is deleted
 * - `copying`, then `copy`: on a disk that does not move the folder, what becomes `old` as soon as the folder itself is deleted
 */
type WorkFolder = Readonly<Record<(typeof WORK)[number], string>>;

const WORK = ['next', 'old', 'gone', 'copying', 'copy'] as const;

/** The paths that the exchange of a folder uses, all below `folder`; nothing is made yet. */
export function workFolder(folder: string): WorkFolder {
  return Object.fromEntries(WORK.map((name) => [name, join(folder, name)])) as WorkFolder;
}

/** New content, or `kept` from the folder that is replaced. */
export type NextContent = ReadonlyMap<string, MadeFiles | 'kept'>;

/** Brings back or clears away what a killed run left. With the lock. */
export function recover(path: string, work: WorkFolder): void {
  if (isThere(work.copy)) {
    // Whole, while the folder itself may have been deleted in part.
    removeOwn(path);
    renameSync(work.copy, path);
  }
  if (isThere(work.old)) {
    if (isThere(work.next)) moveGuests(work.next, work.old);
    // An empty folder in its place loses nothing.
    if (isFolder(path) && readdirSync(path).length === 0) rmdirSync(path);
    if (!isThere(path)) renameSync(work.old, path);
    else if (isFolder(path) && readMarker(path) !== undefined) renameSync(work.old, work.gone);
    else throw madeMeanwhile(path, work.old);
  }
  for (const name of ['gone', 'next', 'copying'] as const) removeOwn(work[name]);
}

/**
 * Puts the content in place of the folder. Only files of `current`, the list in the folder itself, are replaced or go: anything else
 * that turns up, or a file that changes while this runs, stops it. With the lock.
 */
export function exchange(
  path: string,
  work: WorkFolder,
  current: OwnFiles,
  content: NextContent,
): void {
  const isNew = !isThere(path);
  const before = isNew ? undefined : sumsOf(path, current);
  try {
    writeNext(work.next, path, current, content);
    if (before !== undefined) moveAside(path, work, current, before);
  } catch (error) {
    for (const name of ['next', 'copying'] as const) removeOwn(work[name]);
    throw error;
  }
  try {
    if (before !== undefined) {
      requireUntouched(path, work.old, current, before);
      moveGuests(work.old, work.next);
    }
    renameSync(work.next, path);
  } catch (error) {
    if (before !== undefined) moveGuests(work.next, work.old);
    const isTaken = isThere(path);
    if (!isNew && !isTaken) renameSync(work.old, path);
    removeOwn(work.next);
    throw isTaken ? madeMeanwhile(path, isNew ? undefined : work.old) : error;
  }
  if (isNew) return;
  try {
    renameSync(work.old, work.gone);
    removeOwn(work.gone);
  } catch (error) {
    throw diskError(error, `${path} is written, but what was there before is left in ${work.gone}`);
  }
}

/** To `old`, in one step where the disk can: in an image's lower layer, overlay file systems move no folder (EXDEV). */
function moveAside(
  path: string,
  work: WorkFolder,
  current: OwnFiles,
  before: ReadonlyMap<string, string>,
): void {
  try {
    renameSync(path, work.old);
    return;
  } catch (error) {
    if (!isDiskError(error, 'EXDEV')) throw error;
  }
  const [guest] = guestsIn(path, current);
  if (guest !== undefined)
    throw new CommandError(
      1,
      `${path} cannot be moved on this disk, and has ${guest} in it`,
      `name a folder in it: ${join(path, 'rendered')}`,
    );
  copyFolder(path, work.copying, current);
  requireUntouched(path, path, current, before);
  requireUntouched(path, work.copying, current, before);
  renameSync(work.copying, work.copy);
  removeOwn(path);
  renameSync(work.copy, work.old);
}

/** What is not ours and stays goes from the folder that was there to the one that takes its place, or back. */
function moveGuests(from: string, to: string): void {
  const own = readMarker(from) ?? new Map();
  for (const name of guestsIn(from, own)) renameSync(join(from, name), join(to, name));
}

function requireUntouched(
  path: string,
  old: string,
  current: OwnFiles,
  before: ReadonlyMap<string, string>,
): void {
  requireOwn(path, foreignEntries(old, current));
  const after = sumsOf(old, current);
  const changed = [...current.keys()].filter((name) => before.get(name) !== after.get(name));
  if (changed.length > 0) throw changedMeanwhile(path, changed);
}

/** Throws where something in the folder is not ours: nothing was replaced. */
export function requireOwn(path: string, foreign: readonly string[]): void {
  if (foreign.length === 0) return;
  throw new CommandError(
    2,
    `${path} holds what this command did not make: ${someOf(foreign, 10)}`,
    'nothing was replaced: move that elsewhere, or delete it if an earlier rendering made it',
  );
}

function madeMeanwhile(path: string, old: string | undefined): CommandError {
  return new CommandError(
    1,
    `${path} was made by somebody else while it was replaced${old === undefined ? '' : `: what was there before is in ${old}`}`,
    old === undefined ? 'run it again' : 'move or remove one of the two, then run it again',
  );
}

/** Somebody else's work, which must not be written over unseen. */
export function changedMeanwhile(path: string, environments: readonly string[]): CommandError {
  const places = environments.map((name) => join(path, name)).join(', ');
  return new CommandError(
    1,
    `${places} changed while this was rendered: by another rendering, or by hand`,
    'nothing was replaced: run it again',
  );
}

function writeNext(next: string, path: string, current: OwnFiles, content: NextContent): void {
  const present = presentFiles(path, current);
  const namesOf = (environment: string, made: MadeFiles | 'kept') =>
    made === 'kept' ? (present.get(environment) ?? []) : made.names;
  mkdirSync(next);
  // First, so that whoever finds this knows what in it is ours.
  const before = readMakers(path);
  const makers = [...content].map(([name, made]) => {
    if (made === 'kept') return [name, before.get(name)] as const;
    return [name, `${made.by}, sha256 ${made.sum}`] as const;
  });
  writeMarker(
    next,
    new Map([...content].map(([name, made]) => [name, namesOf(name, made)])),
    new Map(makers.flatMap(([name, maker]) => (maker === undefined ? [] : [[name, maker]]))),
  );
  for (const [environment, made] of content) {
    if (made === 'kept') {
      copyEnvironment(path, next, environment, namesOf(environment, made));
      continue;
    }
    mkdirSync(join(next, environment));
    for (const { name, text } of made.read()) {
      const file = join(next, environment, name);
      writeFileSync(file, text, { flag: 'wx' });
      takeOver(join(path, environment, name), file);
    }
    takeOver(join(path, environment), join(next, environment));
  }
  takeOver(join(path, MARKER), join(next, MARKER));
  takeOver(path, next);
}
