/** What the words of the command line stand for. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plural, printed, someOf } from '../../errors.ts';
import { descriptorOf } from '../descriptor.ts';
import { type Io, UsageError } from '../io.ts';
import { allOverlays, isOverlay, listOverlays } from '../overlays.ts';
import { requireNoDir } from '../overlays-folder.ts';
import { renderedFolders } from '../render/read-rendered.ts';

/** A word, or a folder that it stands for, with what it is. */
export interface Source {
  word: string;
  kind: 'stdin' | 'descriptor' | 'file' | 'rendered' | 'overlay' | 'folder';
  /** Of a folder of manifests, as paths from the working directory. */
  files?: readonly string[];
}

/** The flags that choose what is looked at, beside the words themselves. */
export interface SourceOptions {
  /** Every overlay in `overlays/`, or in `dir`. */
  all?: boolean;
  dir?: string;
  /** Only overlays that may have changed since this commit. */
  since?: string;
  /** Folders of manifests with the folders in them. */
  recursive?: boolean;
}

/** What a folder of manifests is read for: the same as kubectl does with `-f FOLDER`. */
const MANIFEST = /\.(?:ya?ml|json)$/;

/** Each thing once; throws where there is nothing, or one thing twice. */
export function sourcesFor(words: readonly string[], options: SourceOptions, io: Io): Source[] {
  if (!options.all) requireNoDir(options.dir);
  const overlays = options.all
    ? allOverlays(io.cwd, options.dir, 'name what is to be checked')
    : [];
  if (words.length + overlays.length === 0)
    throw new UsageError(
      "missing required argument 'input'",
      options.since === undefined
        ? 'name overlays, folders or files of manifests, or - for standard input; --all takes every overlay'
        : 'add --all, or name the overlays that --since chooses from',
    );
  const sources = [
    ...overlays.map((word): Source => ({ word, kind: 'overlay' })),
    ...words.flatMap((word) => sourcesOf(word, options, io)),
  ];
  const paths = sources.map(({ word, kind }) => (kind === 'stdin' ? word : resolve(io.cwd, word)));
  const twice = sources.find((_, position) => paths.indexOf(paths[position] ?? '') !== position);
  if (twice) throw new UsageError(`${twice.word} is given twice`, 'name everything once');
  return sources;
}

/** A folder of `render --out` stands for each environment in it. */
function sourcesOf(word: string, options: SourceOptions, io: Io): Source[] {
  if (word === '-') return [{ word, kind: 'stdin' }];
  const path = resolve(io.cwd, word);
  if (descriptorOf(path) !== undefined) return [{ word, kind: 'descriptor' }];
  const exists = existsSync(path);
  if (exists && !statSync(path).isDirectory()) return [{ word, kind: 'file' }];
  if (!exists || isOverlay(path)) return [{ word, kind: 'overlay' }];
  const rendered = renderedFolders(word, io.cwd);
  if (rendered.length > 0) return rendered.map((folder) => ({ word: folder, kind: 'rendered' }));
  return [{ word, kind: 'folder', files: manifestsIn(word, options, io) }];
}

/** Throws where a folder has none, and says where there are some. */
function manifestsIn(folder: string, options: SourceOptions, io: Io): string[] {
  const { recursive = false } = options;
  const { files, overlays } = listFolder(folder, recursive, io.cwd);
  if (files.length > 0) {
    if (recursive && overlays.length > 0)
      io.stderr.write(
        `${printed(folder)}: ${plural(overlays.length, 'overlay')} in it not read, name them to build them: ${printed(overlays.join(', '))}\n`,
      );
    return files;
  }
  throw noManifest(folder, [], options, io);
}

/** @param files - those in it, which are something else */
export function noManifest(
  folder: string,
  files: readonly string[],
  { recursive = false }: SourceOptions,
  io: Io,
): UsageError {
  const below = listFolder(folder, true, io.cwd);
  const own = listOverlays(io.cwd).filter((overlay) => below.overlays.includes(overlay));
  const overlays = own.length > 0 ? own : below.overlays;
  const others = below.files.length - files.length;
  return new UsageError(
    `${folder} has no kustomization.yaml, and no manifest ${files.length > 0 ? `in ${someOf(files, 5)}` : '(*.yaml, *.yml, *.json)'}`,
    overlays.length > 0
      ? `name the overlays in it: ${overlays.join(', ')}`
      : !recursive && others > 0
        ? `--recursive reads the ${plural(others, 'file')} in the folders below it`
        : 'name overlays, folders or files of manifests, or - for standard input',
  );
}

/** Sorted; what begins with a dot is left out, and links to folders are not followed. */
function listFolder(
  folder: string,
  recursive: boolean,
  cwd: string,
): { files: string[]; overlays: string[] } {
  const entries = readdirSync(resolve(cwd, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const files: string[] = [];
  const overlays: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      if (MANIFEST.test(entry.name)) files.push(path);
    } else if (isOverlay(resolve(cwd, path))) overlays.push(path);
    else if (recursive && entry.name !== 'node_modules') {
      const inner = listFolder(path, recursive, cwd);
      files.push(...inner.files);
      overlays.push(...inner.overlays);
    }
  }
  return { files, overlays };
}
