/** All files of a folder: read, written elsewhere, compared. */
import { lstatSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf, readRegularFile, UnreadableFile } from '../../read-file.ts';
import { isSystemError } from '../../system-error.ts';
import { UsageError } from '../io.ts';
import { makeFolder } from '../make-folder.ts';

/** A file: its text or bytes, or where it links to. */
type OverlayFile = { content: string | Buffer; mode: number; link?: undefined } | { link: string };

/** Files by their path in the overlay's folder, with `/`. */
export type OverlayFiles = Map<string, OverlayFile>;

/** Reads every file of a folder. Links are taken as they are, and followed nowhere; what is neither file, folder nor link is refused. */
export function readFolder(folder: string, shown: string): OverlayFiles {
  const files: OverlayFiles = new Map();
  const open = [''];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop())
    for (const name of readdirSync(join(folder, parent))) {
      const path = parent === '' ? name : `${parent}/${name}`;
      const full = join(folder, path);
      const status = lstatSync(full);
      if (status.isDirectory()) open.push(path);
      else if (status.isSymbolicLink()) files.set(path, { link: readlinkSync(full) });
      else if (status.isFile())
        files.set(path, {
          content: readRegularFile(full, { shown: `${shown}/${path}`, within: folder }),
          mode: status.mode & 0o777,
        });
      else
        throw new UsageError(
          `${shown}/${path} is ${kindOf(status)}, which cannot be copied`,
          'remove it, or choose another overlay',
        );
    }
  return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Writes the files into a folder that is not there yet. The user's umask applies, as with any file of a project. */
export function writeFolder(files: OverlayFiles, folder: string): void {
  makeFolder(folder);
  for (const [path, file] of files) {
    const target = join(folder, path);
    makeFolder(dirname(target));
    if (file.link !== undefined) symlinkSync(file.link, target);
    else writeFileSync(target, file.content, { mode: file.mode, flag: 'wx' });
  }
}

/** Whether a folder has these files and no others, with what may be run. */
export function hasSameFiles(folder: string, files: OverlayFiles): boolean {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  try {
    const found = readFolder(folder, folder);
    return (
      found.size === files.size && [...files].every(([path, file]) => isSame(found.get(path), file))
    );
  } catch (error) {
    // It has something that no file of ours is, or that may not be read.
    if (error instanceof UsageError || error instanceof UnreadableFile || isSystemError(error))
      return false;
    throw error;
  }
}

function isSame(one: OverlayFile | undefined, other: OverlayFile): boolean {
  if (one?.link !== undefined || other.link !== undefined) return one?.link === other.link;
  if (one === undefined) return false;
  const [left, right] = [one, other].map(({ content }) => Buffer.from(content));
  return left?.equals(right as Buffer) === true && canRun(one) === canRun(other);
}

function canRun({ mode }: { mode: number }): boolean {
  return (mode & 0o100) !== 0;
}
