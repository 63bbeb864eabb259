/** The folder that `render --out` makes: replaced as a whole, and never one that somebody else made. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { joinFiles } from '../protocol/documents.ts';
import { readRegularFile } from '../read-file.ts';
import { UsageError } from './io.ts';
import type { ResourceFile } from './render/files.ts';
import { replaceFolder, type Undo } from './undo.ts';

/** Says that the folder is ours, and which folders in it are. */
const MARKER = '.rendered-by-ma-overlays';
const MARKER_TEXT =
  '# Made by `ma-overlays render --out`, which replaces these folders as a whole: do not edit them.\n';

/** A folder for output, looked at before anything is built. */
interface OutFolder {
  path: string;
  /** The environments that an earlier rendering left. */
  environments: readonly string[];
}

/** Throws where the folder is not ours to replace. */
export function examineOutFolder(argument: string, cwd: string): OutFolder {
  const named = resolve(cwd, argument);
  if (!existsSync(named)) return { path: named, environments: [] };
  const path = realpathSync(named);
  if (!statSync(path).isDirectory())
    throw new UsageError(`--out ${argument} is a file`, 'name a folder');
  const entries = readdirSync(path);
  if (entries.length === 0) return { path, environments: [] };
  if (!entries.includes(MARKER))
    throw new UsageError(
      `--out ${argument} was not made by this command, and is not empty`,
      'nothing is replaced: name another folder, or empty it',
    );
  const environments = readRegularFile(join(path, MARKER), { within: path })
    .toString('utf8')
    .split('\n')
    .filter((line) => /^[^#/\\][^/\\]*$/.test(line) && line !== '..' && line !== '.');
  const foreign = entries.filter((name) => name !== MARKER && !environments.includes(name));
  if (foreign.length > 0)
    throw new UsageError(
      `--out ${argument} holds what this command did not make: ${foreign.join(', ')}`,
      'nothing is replaced: move that elsewhere',
    );
  return { path, environments };
}

/** The folders of manifests that a folder stands for: itself, or each environment in it. None where `render --out` made neither. */
export function renderedFolders(argument: string, cwd: string): string[] {
  const path = resolve(cwd, argument);
  if (existsSync(join(path, MARKER)))
    return examineOutFolder(argument, cwd).environments.map((name) => join(argument, name));
  if (!existsSync(join(dirname(path), MARKER))) return [];
  return examineOutFolder(dirname(path), cwd).environments.includes(basename(path))
    ? [argument]
    : [];
}

/** All manifests of one such folder, as one stream. */
export function readRendered(folder: string): Buffer {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const within = dirname(folder);
  return joinFiles(names.sort().map((name) => readRegularFile(join(folder, name), { within })));
}

/** The folder of an overlay's manifests. */
export function environmentNames(overlays: readonly string[], cwd: string): string[] {
  const names = overlays.map((overlay) => basename(resolve(cwd, overlay)));
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return names;
  throw new UsageError(`two overlays would be written to ${twin}`, 'render them into two folders');
}

/** Replaces the folder in one step. Environments in `kept` come along as they are. */
export function replaceOutFolder(
  out: OutFolder,
  environments: ReadonlyMap<string, readonly ResourceFile[]>,
  kept: readonly string[],
  undo: Undo,
): void {
  replaceFolder(out.path, undo, (next) => {
    const present = kept.filter((name) => existsSync(join(out.path, name)));
    for (const name of present)
      cpSync(join(out.path, name), join(next, name), { recursive: true, preserveTimestamps: true });
    for (const [name, files] of environments) {
      mkdirSync(join(next, name));
      for (const file of files) writeFileSync(join(next, name, file.name), file.text);
    }
    const names = [...new Set([...kept, ...environments.keys()])].sort();
    writeFileSync(join(next, MARKER), [MARKER_TEXT, ...names.map((name) => `${name}\n`)].join(''));
  });
}
