/** A state of the overlays: a commit, a folder, or the files as they are here. */
import { existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { commitOf, GIT_SECONDS, git, repositoryOf } from './git.ts';
import { CommandError, type Io, ioIn, UsageError } from './io.ts';
import type { BuildOptions } from './kustomize/build-options.ts';
import { buildAll, type ObservedBuild } from './observe.ts';
import { isOverlay, listOverlays } from './overlays.ts';
import { renderedFolders } from './render/read-rendered.ts';

/** Where the overlays of one side of a comparison lie, and how they are called. */
export interface State {
  /** What people call it: `main (1a2b3c4d)`, or the folder. */
  name: string;
  /** Paths of overlays count from this folder. */
  folder: string;
  /** Where overlays may be: the folder, or the repository that it is in. */
  top: string;
  /** What `render --out` made, from the working directory; empty where there are overlays to build. */
  rendered: readonly string[];
  /** Whether it is the working directory, now or in a commit: an overlay that is not there is new, or gone. */
  isWorkingDirectory?: boolean;
}

/** The files as they are in the working directory. */
export function stateHere(io: Io): State {
  return {
    name: 'the work tree',
    folder: io.cwd,
    top: '/',
    rendered: [],
    isWorkingDirectory: true,
  };
}

/**
 * Opens a state.
 * @param word - a folder: another checkout, one overlay, or what `render --out` made; else whatever git knows as a commit, or a folder in
 * one: `main:rendered`
 * @param temporary - an empty folder of ours, which a commit is unpacked into
 */
export async function openState(word: string, temporary: string, io: Io): Promise<State> {
  const folder = resolve(io.cwd, word);
  // Not as `resolve` shortens it: `main:../..` is no folder, whatever is above this one.
  if (isFolder(isAbsolute(word) ? word : `${io.cwd}/${word}`))
    return stateIn(word, folder, folder, io);
  const { name, tree, path, prefix } = await unpack(word, temporary, io);
  const there = join(tree, path ?? prefix);
  if (path === undefined)
    return { name, folder: there, top: tree, rendered: [], isWorkingDirectory: true };
  if (isFolder(there) && !isOutside(tree, there)) return stateIn(name, there, there, io);
  throw new UsageError(`${name} has no folder ${path}`, 'name one that it has, from its top');
}

function stateIn(name: string, folder: string, top: string, io: Io): State {
  return { name, folder, top, rendered: renderedFolders(folder, io.cwd) };
}

/** Whether a state is a single overlay, rather than a folder that has some. */
export function isOneOverlay({ folder, rendered }: State): boolean {
  return rendered.length === 0 && isOverlay(folder) && listOverlays(folder).length === 0;
}

/** An overlay's path in a state, from the state's folder; undefined where it is not there. */
export function overlayIn(state: State, overlay: string, io: Io): string | undefined {
  const path = relative(io.cwd, resolve(io.cwd, overlay)) || '.';
  const there = resolve(state.folder, path);
  if (isOutside(state.top, there))
    throw new UsageError(
      `${overlay} is not below ${io.cwd}: where it is in ${state.name} is not known`,
      'name an overlay of this folder',
    );
  return isOverlay(there) ? path : undefined;
}

/** The rendered folder of an overlay; undefined where it is not there. */
export function renderedIn(
  { rendered }: State,
  overlay: string,
  isOnly: boolean,
  io: Io,
): string | undefined {
  if (rendered.length === 1 && isOnly) return rendered[0];
  const own = basename(resolve(io.cwd, overlay));
  return rendered.find((one) => basename(one) === own);
}

/** Builds with the state's folder as working directory; flags count from here. */
export function buildIn(
  { folder }: State,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<ObservedBuild[]> {
  return buildAll(overlays, fromHere(options, io.cwd), elsewhere(io, folder));
}

function elsewhere(io: Io, cwd: string): Io {
  const { KUSTOMIZE } = io.env;
  const env = { ...io.env, ...(KUSTOMIZE ? { KUSTOMIZE: programFrom(KUSTOMIZE, io.cwd) } : {}) };
  return ioIn(cwd, io, env);
}

/** Paths of flags count from the folder where they were typed. */
function fromHere(options: BuildOptions, cwd: string): BuildOptions {
  const { kustomize, pluginHome } = options;
  return {
    ...options,
    ...(kustomize === undefined ? {} : { kustomize: programFrom(kustomize, cwd) }),
    ...(pluginHome === undefined ? {} : { pluginHome: resolve(cwd, pluginHome) }),
  };
}

function programFrom(command: string, cwd: string): string {
  return command.includes('/') ? resolve(cwd, command) : command;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Whether a path is not in a folder. */
export function isOutside(top: string, path: string): boolean {
  const below = relative(top, path);
  return below.startsWith('..') || isAbsolute(below);
}

/** A commit in a folder of ours. */
interface Unpacked {
  name: string;
  tree: string;
  /** The folder in it that was named, from its top. */
  path: string | undefined;
  /** The working directory, from its top. */
  prefix: string;
}

/** A base in node_modules is in no commit: the one that is installed now, in the folder or above it, stands for it. */
function linkModules(top: string, tree: string, folder: string): void {
  const installed = join(top, folder, 'node_modules');
  const missing = join(tree, folder, 'node_modules');
  if (isFolder(installed) && isFolder(join(tree, folder)) && !existsSync(missing))
    symlinkSync(installed, missing);
  if (folder !== '.') linkModules(top, tree, dirname(folder));
}

/** The files of a commit in a folder of ours: the repository's own folder, its index and its hooks have no part in it. */
async function unpack(word: string, temporary: string, io: Io): Promise<Unpacked> {
  const top = await repositoryOf(io);
  const prefix = (await git(['rev-parse', '--show-prefix'], io))?.replace(/\n$/, '') ?? '';
  if (!top)
    throw new UsageError(
      `${word} is not a folder, and there is no git repository here that could have such a commit`,
      'name a folder with the other state',
    );
  // As git reads it: a colon in braces is part of the commit's name, `HEAD@{2030-01-01 10:00}`.
  const [, reference = word, path] = /^((?:\{[^}]*\}|[^:{])+):(.+)$/.exec(word) ?? [];
  const commit = await commitOf(
    reference,
    `${word} is neither a folder nor a commit of ${top}`,
    io,
  );
  const tree = join(temporary, 'tree');
  mkdirSync(tree);
  const inTop = ioIn(top, io);
  const index = { GIT_INDEX_FILE: join(temporary, 'index') };
  const isRead = (await git(['read-tree', commit], inTop, index)) !== undefined;
  const checkout = ['checkout-index', '--all', '--quiet', `--prefix=${tree}/`];
  if (!isRead || (await git(checkout, inTop, index)) === undefined)
    throw new CommandError(1, `git cannot unpack ${reference} in ${GIT_SECONDS} s`);
  linkModules(top, tree, normalize(prefix));
  return { name: `${word} (${commit.slice(0, 8)})`, tree, path, prefix };
}
