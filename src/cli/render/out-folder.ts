/** The folder of `render --out`: whether it can be one, what an earlier rendering left in it, and how a new one gets there. */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { diskError } from '../disk-errors.ts';
import { UsageError } from '../io.ts';
import { withLock } from '../lock.ts';
import type { Undo } from '../undo.ts';
import {
  changedMeanwhile,
  exchange,
  type NextContent,
  recover,
  requireOwn,
  workFolder,
} from './exchange.ts';
import {
  foreignEntries,
  isFolder,
  isGuest,
  isPlainName,
  isThere,
  type OwnFiles,
  readMarker,
  sumsOf,
} from './marker.ts';
import type { MadeFiles } from './spool.ts';

/** A folder for output, looked at before anything is built. */
interface OutFolder {
  /** As the user named it. */
  argument: string;
  /** Where it really is: links followed. */
  path: string;
  /** What an earlier rendering left for each environment, as a sum of its files. */
  found: ReadonlyMap<string, string>;
}

/** Throws where the folder is not ours to replace, or cannot be. What a killed run left is cleared away. */
export async function openOutFolder(argument: string, cwd: string): Promise<OutFolder> {
  return forPeople(argument, async () => {
    const path = placeOf(argument, resolve(cwd, argument));
    requireReplaceable(argument, path, cwd);
    if (!isThere(dirname(path))) return { argument, path, found: new Map() };
    const found = await withLock(lockFolder(path), `--out ${argument}`, () => {
      recover(path, workFolder(lockFolder(path)));
      const files = requireOurs(argument, path);
      for (const folder of [path, ...[...files.keys()].map((name) => join(path, name))])
        if (isFolder(folder)) accessSync(folder, constants.W_OK);
      return sumsOf(path, files);
    });
    return { argument, path, found };
  });
}

/**
 * Replaces the folder in one step. An environment that changed since the folder was opened is not written over.
 * @param stays - whether another environment stays that was there then; what came later stays in any case: another rendering has put it there
 */
export async function writeOutFolder(
  out: OutFolder,
  environments: ReadonlyMap<string, MadeFiles>,
  stays: (environment: string) => boolean,
  undo: Undo,
): Promise<void> {
  const { argument, path, found } = out;
  const goes = (name: string) => found.has(name) && !stays(name);
  await forPeople(argument, async () => {
    undo.makeFolder(dirname(path));
    await withLock(lockFolder(path), `--out ${argument}`, () => {
      const work = workFolder(lockFolder(path));
      recover(path, work);
      const current = requireOurs(argument, path);
      const sums = sumsOf(path, current);
      const changed = [...sums].filter(([name, sum]) => {
        const files = environments.get(name);
        if (sum === found.get(name) || sum === files?.sum) return false;
        return files !== undefined || goes(name);
      });
      if (changed.length > 0)
        throw changedMeanwhile(
          path,
          changed.map(([name]) => name),
        );
      const kept = [...sums.keys()].filter((name) => !environments.has(name) && !goes(name));
      const content: NextContent = new Map<string, MadeFiles | 'kept'>([
        ...kept.map((name): [string, 'kept'] => [name, 'kept']),
        ...environments,
      ]);
      requireDistinct([...content.keys()]);
      exchange(path, work, current, content);
    });
  });
}

/** The folder of an overlay's manifests. */
export function environmentName(overlay: string, cwd: string): string {
  return basename(resolve(cwd, overlay));
}

/** The same of several, which have to be distinct. */
export function environmentNames(overlays: readonly string[], cwd: string): string[] {
  const names = overlays.map((overlay) => environmentName(overlay, cwd));
  for (const name of names)
    if (!isPlainName(name) || isGuest(name))
      throw new UsageError(
        `no folder in --out can be called ${JSON.stringify(name)}`,
        'rename that overlay',
      );
  requireDistinct(names);
  return names;
}

/** Also on disks that do not tell `Dev` from `dev`, or two ways to write an accent. */
function requireDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.normalize('NFC').toLowerCase();
    if (seen.has(folded))
      throw new UsageError(
        `two overlays would be written to ${name}`,
        'render them into two folders',
      );
    seen.add(folded);
  }
}

/** The list of the folder's files; empty where there is nothing yet. */
function requireOurs(argument: string, path: string): OwnFiles {
  const none: OwnFiles = new Map();
  if (!isThere(path) || (isFolder(path) && readdirSync(path).every(isGuest))) return none;
  const files = isFolder(path) ? readMarker(path) : undefined;
  if (files === undefined)
    throw new UsageError(
      `--out ${argument} was not made by this command, and is not empty`,
      'nothing is replaced: name another folder, or empty it',
    );
  requireOwn(`--out ${argument}`, foreignEntries(path, files));
  return files;
}

/** Where the folder is or will be, links followed. Throws where there can be none. */
function placeOf(argument: string, path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    const above = placeOf(argument, dirname(path));
    if (isThere(above)) accessSync(above, constants.W_OK);
    return join(above, basename(path));
  }
  if (!existsSync(path))
    throw new UsageError(
      `--out ${argument}: ${path} is a link that leads nowhere`,
      'make the folder that it leads to, or name another',
    );
  if (!statSync(path).isDirectory())
    throw new UsageError(
      `--out ${argument}: ${path} is ${found.isFile() ? 'a file' : 'not a folder'}`,
      'name a folder',
    );
  return realpathSync(path);
}

/** The folder itself goes while it is replaced: no shell, and not this command, can stand in it, and no disk can begin there. */
function requireReplaceable(argument: string, path: string, cwd: string): void {
  const below = relative(path, realpathSync(cwd));
  if (!isAbsolute(below) && below.split(sep)[0] !== '..')
    throw new UsageError(
      `--out ${argument} is the folder that this runs in, or one above it, and would be replaced as a whole`,
      'name another folder, or run it from outside',
    );
  if (isThere(path) && statSync(path).dev !== statSync(dirname(path)).dev)
    throw new UsageError(
      `--out ${argument} is a disk of its own, which cannot be replaced as a whole`,
      `name a folder in it: ${join(argument, 'rendered')}`,
    );
}

/** Beside the folder, so that both are on one disk; always the same, so that the next run finds what a killed one left. */
function lockFolder(path: string): string {
  const name = basename(path);
  const isLong = Buffer.byteLength(name) > 200;
  const short = isLong ? createHash('sha256').update(name).digest('hex').slice(0, 16) : name;
  return join(dirname(path), `.${short}.ma-overlays-work`);
}

/** What the disk refuses becomes a message. */
async function forPeople<T>(argument: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, `--out ${argument} cannot be written`);
  }
}
