/** `node:fs` for the function in the static executable: the calls that it makes, and no others. */
import { host } from '../host.ts';

export const constants = { O_RDONLY: 0, O_NONBLOCK: 1 };

class Status {
  readonly kind: string;
  readonly size: number;
  constructor({ kind, size }: { kind: string; size: number }) {
    this.kind = kind;
    this.size = size;
  }
  isFile = () => this.kind === 'file';
  isDirectory = () => this.kind === 'folder';
  isFIFO = () => this.kind === 'fifo';
  isSocket = () => this.kind === 'socket';
  /** Links are followed. */
  isSymbolicLink = () => false;
}

export const openSync = (path: string, flags: number | string): number =>
  host.open(path, flags === constants.O_NONBLOCK);
export const closeSync = (file: number): void => host.close(file);
export const statSync = (path: string): Status => new Status(host.status(path));
export const fstatSync = (file: number): Status => new Status(host.status(file));
export const readSync = (file: number, into: Uint8Array): number => host.read(file, into);

/** For files of a project, which only the command line reads. */
export function realpathSync(): never {
  throw new Error('the executable follows no paths');
}
