/**
 * A new environment beside its place: built and checked there, and then put in its place by renames alone. So whatever has a name is
 * whole, whenever the program is killed.
 */
import { lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isSystemError } from '../../system-error.ts';
import { diskError } from '../disk-errors.ts';
import { draftPath, removeLeftovers } from '../drafts.ts';
import { CommandError } from '../io.ts';
import { makeFolder } from '../make-folder.ts';
import type { Undo } from '../undo.ts';
import { ownCopy } from './base-copy.ts';
import { hasSameFiles, type OverlayFiles, writeFolder } from './folder.ts';
import type { Plan } from './plan.ts';

/** A folder that is moved as a whole. */
interface Part {
  /** Its path from the project. */
  name: string;
  files: OverlayFiles;
  /** Of this package's own, which two runs may share. */
  isCopy: boolean;
  from: string;
  to: string;
}

/** What is not in its place yet. */
export class Draft {
  /** The overlay, to be built; a path from the project. */
  readonly overlay: string;
  readonly #cwd: string;
  /** Everything is in it. */
  readonly #root: string;
  /** In the order in which one needs the one before. */
  readonly #parts: readonly Part[];

  /**
   * Writes it. An overlay alone is written beside its place, so that relative paths mean the same there; base and plugin have to be
   * where the overlay looks for them, so that with them a folder is made that mirrors the project.
   */
  constructor({ files, base }: Plan, cwd: string, name: string, undo: Undo) {
    const to = join(cwd, name);
    const overlays = dirname(to);
    const copies = base?.copies ?? [];
    this.#cwd = cwd;
    this.#root = draftPath(copies.length > 0 ? cwd : overlays, 'new');
    const mirror = (path: string) => join(this.#root, path);
    const overlay = {
      name,
      files,
      isCopy: false,
      from: copies.length > 0 ? mirror(name) : this.#root,
      to,
    };
    this.#parts = [
      ...copies.map((name) => ({
        name,
        files: ownCopy(name),
        isCopy: true,
        from: mirror(name),
        to: join(cwd, name),
      })),
      overlay,
    ];
    this.overlay = relative(cwd, overlay.from);
    try {
      undo.makeFolder(overlays);
      undo.remove(this.#root);
      for (const { files, from } of this.#parts) writeFolder(files, from);
    } catch (error) {
      throw refused(overlay.name, error);
    }
  }

  /** A text about it, as it will be in its place. */
  inPlace(text: string): string {
    const { name, from, to } = this.#parts.at(-1) as Part;
    return text
      .replaceAll(from, to)
      .replaceAll(this.overlay, name)
      .replaceAll(this.#root, this.#cwd)
      .replaceAll(`${relative(this.#cwd, this.#root)}/`, '');
  }

  /**
   * Puts every part in its place; the names of those that were made. What somebody else made there meanwhile stays as it is. A rename
   * never replaces a file, a link, or a folder with something in it; only of an empty folder that somebody makes between the last look
   * and the rename would nothing be seen. What was moved stays, should a later part fail: another run may build on it already.
   */
  move(): string[] {
    const open = this.#parts.filter((part) => !isThere(part));
    const made: string[] = [];
    for (const part of open)
      try {
        makeFolder(dirname(part.to));
        renameSync(part.from, part.to);
        made.push(part.name);
      } catch (error) {
        if (!isThere(part, made)) throw refused(part.name, error, made);
      }
    try {
      rmSync(this.#root, { recursive: true, force: true });
    } catch (error) {
      // Everything is in its place; a later run takes away what is left.
      if (!isSystemError(error)) throw error;
    }
    return made;
  }
}

/** Takes away what killed runs left in a project, and in the folder of its overlays. */
export function removeOldDrafts(cwd: string, folder: string): void {
  for (const each of [cwd, join(cwd, folder)]) removeLeftovers(each, 'new');
}

/** Whether another run made the very same base or plugin; throws where something else has the name. */
function isThere({ name, files, to, isCopy }: Part, made: readonly string[] = []): boolean {
  if (lstatSync(to, { throwIfNoEntry: false }) === undefined) return false;
  if (isCopy && hasSameFiles(to, files)) return true;
  throw new CommandError(
    1,
    `${name} was made by somebody else while this ran, and stays as it is${staying(made)}`,
    'see what is in it, then run this again',
  );
}

/** The disk's answer, without the path of the draft, which goes away again. */
function refused(name: string, error: unknown, made: readonly string[] = []): unknown {
  if (isSystemError(error)) error.path = undefined;
  return diskError(error, `${name} cannot be made${staying(made)}`);
}

function staying(made: readonly string[]): string {
  return made.length > 0 ? ` (${made.join(' and ')}, which this run made, stay)` : '';
}
