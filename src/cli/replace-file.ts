/** A regular file with new content: in one step wherever that keeps what the file is. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from '../system-error.ts';
import { draftPath, removeLeftovers } from './drafts.ts';

/** A folder that takes no other file, a mount in the file's place, an owner that only root may give. */
const NOT_REPLACEABLE = ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'];

/**
 * Writes a draft beside the file, then renames it: whatever happens, the old content or the new one is there. Mode and owner stay; another
 * hard link keeps the old content. Where the file cannot be replaced, but can be written, its content is: then a kill may leave half of it.
 * @param old - what is there, not a link; undefined for nothing
 * @param verb - who writes, for the draft's name
 */
export function replaceFile(
  path: string,
  text: string,
  old: Stats | undefined,
  verb: string,
): void {
  if (old !== undefined) accessSync(path, constants.W_OK);
  const draft = draftPath(dirname(path), verb);
  try {
    removeLeftovers(dirname(path), verb);
    writeDraft(draft, text, old);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    if (old === undefined || !isSystemError(error)) throw error;
    if (!NOT_REPLACEABLE.includes(error.code ?? '')) throw error;
    writeInPlace(path, Buffer.from(text));
  }
}

function writeDraft(path: string, text: string, old: Stats | undefined): void {
  const file = openSync(path, 'wx', old === undefined ? 0o666 : 0o600);
  try {
    writeFileSync(file, text);
    if (old !== undefined) keepOwnerAndMode(file, old);
    // A disk in a network may say only now that it is full.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function keepOwnerAndMode(file: number, { uid, gid, mode }: Stats): void {
  const own = fstatSync(file);
  if (own.uid !== uid || own.gid !== gid) fchownSync(file, uid, gid);
  fchmodSync(file, mode & 0o7777);
}

/** Shortens the file last, and takes everything back where the disk is full. */
function writeInPlace(path: string, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  try {
    const old = readFileSync(file);
    try {
      overwrite(file, bytes);
    } catch (error) {
      overwrite(file, old);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

function overwrite(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(file, bytes, written, bytes.length - written, written);
  ftruncateSync(file, bytes.length);
  fsyncSync(file);
}
