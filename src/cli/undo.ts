/** Work on files that leaves nothing behind when it fails or is interrupted. */
import { rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeEnd } from './interrupts.ts';
import type { Io } from './io.ts';
import { makeFolder } from './make-folder.ts';

/** What takes back what was done so far, newest first. */
export class Undo {
  /** Each is synchronous, because a signal leaves no time. */
  readonly #steps: (() => void)[] = [];

  /** Registers a folder or file that goes away again unless the work succeeds; call it before the thing is made. */
  remove(path: string): void {
    this.#steps.push(() => rmSync(path, { recursive: true, force: true }));
  }

  /** Makes a folder with its parents; those that were missing go away again, unless someone else put something there. */
  makeFolder(path: string): void {
    const first = makeFolder(path);
    if (first === undefined) return;
    this.#steps.push(() => removeEmptyFolders(path, dirname(first)));
  }

  /** Takes everything back. */
  run(): void {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) step();
  }
}

/** From the inside out, up to a folder that stays; what others put there stays, with all that is above it. */
export function removeEmptyFolders(folder: string, end: string): void {
  for (let path = folder; path !== end; path = dirname(path))
    try {
      rmdirSync(path);
    } catch {
      return;
    }
}

/** Runs `work`; where it throws or a signal comes, everything that it registered is taken back. */
export async function withUndo<T>(io: Io, work: (undo: Undo) => Promise<T>): Promise<T> {
  const undo = new Undo();
  const forget = beforeEnd(io, () => undo.run());
  try {
    return await work(undo);
  } catch (error) {
    undo.run();
    throw error;
  } finally {
    forget();
  }
}
