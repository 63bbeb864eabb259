/**
 * The one way to read a file that somebody else wrote. A link in a pull request may lead to `/dev/zero`, which never ends, to a FIFO,
 * which never begins, or to a file that is none of the project's.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { sep } from 'node:path';
import { isSystemError, systemReason } from './system-error.ts';

/** The largest file that is read, in bytes: manifests of ten thousand resources are a tenth of it. */
export const LARGEST_FILE = 256 * 2 ** 20;

interface ReadOptions {
  /** The file's name in messages, where that is not its path. */
  shown?: string;
  /** A folder that links may not lead out of. Without it they may lead anywhere. */
  within?: string;
  /** In bytes. */
  limit?: number;
}

/** A file that is not read. */
export class UnreadableFile extends Error {
  /** Goes on where the file's name ends: `is a FIFO, not a file`. */
  readonly reason: string;
  constructor(name: string, reason: string) {
    super(`${name} ${reason}`);
    this.reason = reason;
  }
}

/** All bytes of a regular file, links followed; it neither waits nor reads without end. Throws an `UnreadableFile`. */
export function readRegularFile(path: string, options: ReadOptions = {}): Buffer {
  const { within, limit = LARGEST_FILE, shown = path } = options;
  let file: number | undefined;
  try {
    if (within !== undefined && !isInside(path, within))
      throw new UnreadableFile(shown, `is a link that leads out of ${within}`);
    // Devices may do something when they are opened.
    refuseOther(statSync(path), shown);
    // It may have become a FIFO since.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    refuseOther(fstatSync(file), shown);
    const bytes = readUpTo(limit, file);
    if (bytes !== undefined) return bytes;
    throw new UnreadableFile(shown, `is larger than ${Math.round(limit / 2 ** 20)} MiB`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UnreadableFile(shown, `cannot be read: ${systemReason(error)}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The same as text; undefined where it cannot be read. */
export function readTextIfRegular(path: string, options: ReadOptions = {}): string | undefined {
  return readIfRegular(path, options)?.toString('utf8');
}

/** The same; undefined where it cannot be read. */
export function readIfRegular(path: string, options: ReadOptions = {}): Buffer | undefined {
  try {
    return readRegularFile(path, options);
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}

/** What something in a folder is, where it is neither a regular file nor a folder; undefined where it is one of them. */
export function kindOf(status: Status): string | undefined {
  if (status.isFile() || status.isDirectory()) return undefined;
  if (status.isSymbolicLink()) return 'a link';
  if (status.isFIFO()) return 'a FIFO';
  if (status.isSocket()) return 'a socket';
  return 'a device';
}

interface Status {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

function refuseOther(status: Status, shown: string): void {
  if (status.isFile()) return;
  throw new UnreadableFile(shown, `is ${kindOf(status) ?? 'a folder'}, not a file`);
}

function isInside(path: string, folder: string): boolean {
  const root = realpathSync(folder);
  return realpathSync(path).startsWith(root.endsWith(sep) ? root : root + sep);
}

/** All bytes, or undefined where there are more. Files below /proc have no size before they are read. */
function readUpTo(limit: number, file: number): Buffer | undefined {
  const { size } = fstatSync(file);
  const parts: Buffer[] = [];
  let length = 0;
  while (Math.max(size, length) <= limit) {
    const part = Buffer.allocUnsafe(Math.max(size - length, 2 ** 16));
    const count = readSync(file, part);
    // Most files come in one piece, which needs no copy.
    const [only] = parts;
    if (count === 0) return only && parts.length === 1 ? only : Buffer.concat(parts);
    parts.push(part.subarray(0, count));
    length += count;
  }
  return undefined;
}
