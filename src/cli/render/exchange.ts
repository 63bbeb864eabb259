/** Replaces a folder of rendered files, so that a kill at any step leaves the old state or the new one, or what `recover` makes of it. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { isDiskError } from '../disk-errors.ts';
import { CommandError } from '../io.ts';
import {
  foreignEntries,
  isFolder,
  isRegularFile,
  isThere,
  MARKER,
  MARKER_DRAFT,
  type OwnFiles,
  readMarker,
  sumsOf,
  writeMarker,
} from './marker.ts';

/**
 * Work in progress, in the folder of the lock beside the one that is replaced:
 * - `next`: what is being written; never the only copy of anything
 * - `old`: what was there, from the moment it makes place until the new one is there; may be the only copy
 * - `gone`: the same after that, while it is deleted
 */
export interface WorkFolder {
  next: string;
  old: string;
  gone: string;
}

export function workFolder(folder: string): WorkFolder {
  return { next: join(folder, 'next'), old: join(folder, 'old'), gone: join(folder, 'gone') };
}

/** New content, or `kept` from the folder that is replaced. */
export type NextContent = ReadonlyMap<string, readonly { name: string; text: string }[] | 'kept'>;

/** Brings back or clears away what a killed run left. With the lock. */
export function recover(path: string, work: WorkFolder): void {
  if (isThere(work.old)) {
    // An empty folder in its place loses nothing.
    if (isFolder(path) && readdirSync(path).length === 0) rmdirSync(path);
    if (!isThere(path)) renameSync(work.old, path);
    else if (isFolder(path) && readMarker(path) !== undefined) renameSync(work.old, work.gone);
    else throw madeMeanwhile(path, work.old);
  }
  removeOwn(work.gone);
  removeOwn(work.next);
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
    if (!isNew) renameSync(path, work.old);
  } catch (error) {
    removeOwn(work.next);
    throw error;
  }
  try {
    if (before !== undefined) requireUntouched(path, work.old, current, before);
    renameSync(work.next, path);
  } catch (error) {
    removeOwn(work.next);
    if (isThere(path)) throw madeMeanwhile(path, isNew ? undefined : work.old);
    if (!isNew) renameSync(work.old, path);
    throw error;
  }
  if (isNew) return;
  renameSync(work.old, work.gone);
  removeOwn(work.gone);
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
  const more = foreign.length > 10 ? ` and ${foreign.length - 10} more` : '';
  throw new CommandError(
    2,
    `${path} holds what this command did not make: ${foreign.slice(0, 10).join(', ')}${more}`,
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
  const files = new Map(
    [...content].map(([environment, made]) => [
      environment,
      made === 'kept'
        ? (current.get(environment) ?? []).filter((name) =>
            isRegularFile(join(path, environment, name)),
          )
        : made.map(({ name }) => name),
    ]),
  );
  mkdirSync(next);
  // First, so that whoever finds this knows what in it is ours.
  writeMarker(next, files);
  for (const [environment, made] of content) {
    mkdirSync(join(next, environment));
    if (made === 'kept')
      for (const name of files.get(environment) ?? [])
        copyFile(join(path, environment, name), join(next, environment, name));
    else
      for (const { name, text } of made) {
        const file = join(next, environment, name);
        writeFileSync(file, text, { flag: 'wx' });
        takeOver(join(path, environment, name), file);
      }
    takeOver(join(path, environment), join(next, environment));
  }
  takeOver(join(path, MARKER), join(next, MARKER));
  takeOver(path, next);
}

function copyFile(from: string, to: string): void {
  copyFileSync(from, to);
  takeOver(from, to);
  const { atime, mtime } = lstatSync(from);
  utimesSync(to, atime, mtime);
}

/** Mode and owner of what is replaced: rights that somebody set are neither widened nor lost. */
function takeOver(from: string, to: string): void {
  const before = lstatSync(from, { throwIfNoEntry: false });
  if (before === undefined || before.isSymbolicLink()) return;
  const after = lstatSync(to);
  if (before.uid !== after.uid || before.gid !== after.gid)
    try {
      chownSync(to, before.uid, before.gid);
    } catch (error) {
      // Only root may; a disk without owners has none.
      if (!isDiskError(error, 'EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP')) throw error;
    }
  if ((before.mode & 0o7777) !== (lstatSync(to).mode & 0o7777)) chmodSync(to, before.mode & 0o7777);
}

/** Deletes what the list in the folder names, then the folder; what else is in it stays, and is named. */
function removeOwn(folder: string): void {
  if (!isThere(folder)) return;
  const files = readMarker(folder) ?? new Map<string, string[]>();
  for (const [environment, names] of files) {
    if (!isFolder(join(folder, environment))) continue;
    for (const name of names)
      if (isRegularFile(join(folder, environment, name))) rmSync(join(folder, environment, name));
    if (readdirSync(join(folder, environment)).length === 0) rmdirSync(join(folder, environment));
  }
  const left = readdirSync(folder).filter((name) => name !== MARKER && name !== MARKER_DRAFT);
  if (left.length > 0)
    throw new CommandError(
      1,
      `${join(folder, left[0] as string)} was put there while ${basename(folder)} was replaced, and is not deleted`,
      `move it elsewhere`,
    );
  rmSync(join(folder, MARKER_DRAFT), { force: true });
  rmSync(join(folder, MARKER), { force: true });
  rmdirSync(folder);
}
