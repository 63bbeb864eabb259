/** Files in a list of ours: copied with all that belongs to them, deleted without anything else. */
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { isSystemError } from '../../system-error.ts';
import { isDiskError } from '../disk-errors.ts';
import { CommandError } from '../io.ts';
import {
  isFolder,
  isRegularFile,
  isThere,
  MARKER,
  MARKER_DRAFT,
  type OwnFiles,
  presentFiles,
  readMakers,
  readMarker,
  writeMarker,
} from './marker.ts';

/** Makes `to`, a folder with the same files. */
export function copyFolder(from: string, to: string, files: OwnFiles): void {
  mkdirSync(to);
  const present = presentFiles(from, files);
  writeMarker(to, present, readMakers(from));
  for (const [environment, names] of present) copyEnvironment(from, to, environment, names);
  takeOver(join(from, MARKER), join(to, MARKER));
  takeOver(from, to);
}

/** Makes the folder of one environment in `to`, with the listed files, rights included. */
export function copyEnvironment(
  from: string,
  to: string,
  environment: string,
  names: readonly string[],
): void {
  mkdirSync(join(to, environment));
  for (const name of names) copyFile(join(from, environment, name), join(to, environment, name));
  takeOver(join(from, environment), join(to, environment));
}

/** As a second name of the same file, which costs nothing and loses nothing, where the disk has that. */
function copyFile(from: string, to: string): void {
  try {
    linkSync(from, to);
    return;
  } catch (error) {
    if (!isSystemError(error) || isDiskError(error, 'ENOSPC', 'EDQUOT', 'EROFS')) throw error;
  }
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  takeOver(from, to);
  const { atime, mtime } = lstatSync(from);
  utimesSync(to, atime, mtime);
}

/** Mode and owner of what is replaced: rights that somebody set are neither widened nor lost. */
export function takeOver(from: string, to: string): void {
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
export function removeOwn(folder: string): void {
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
