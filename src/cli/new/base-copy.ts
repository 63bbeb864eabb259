/** The base that a new environment builds on: the one here, one that is named, or a copy of this package's own. */
import { existsSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Io, UsageError } from '../io.ts';
import { isOverlay } from '../overlays.ts';
import { PLUGIN_FOLDER, packageRoot } from '../package-root.ts';
import type { Asker } from '../questions.ts';
import { hasSameFiles, type OverlayFiles, readFolder } from './folder.ts';
import { whatIsAt } from './names.ts';

const SCHEMA = `${PLUGIN_FOLDER}/domain-config.schema.json`;

/** The flags that choose it: `base` is a folder, from the working directory; `withBase` copies this package's own. Not both. */
export interface BaseOptions {
  base?: string;
  withBase?: boolean;
}

type Copied = 'base' | 'plugin';

/** Where the base is or will be, and what has to be copied here first. */
export interface BasePlan {
  folder: string;
  /** The folders of this package that the project has with it, copied already or not. */
  parts: readonly Copied[];
  /** Those that are not here yet. */
  copies: readonly Copied[];
}

/** The folder whose files the base has, or will have. */
export function baseSource({ folder, copies }: BasePlan): string {
  return copies.includes('base') ? join(packageRoot, 'base') : folder;
}

/** Whether no flag says what the base is, and none is here. */
export function lacksBase({ base, withBase }: BaseOptions, cwd: string): boolean {
  return base === undefined && !withBase && !isOverlay(join(cwd, 'base'));
}

/** Decides about the base; asks before anything is copied, and without a terminal wants the flag. */
export async function planBase(
  { base, withBase }: BaseOptions,
  asker: Asker | undefined,
  io: Io,
): Promise<BasePlan> {
  if (base !== undefined && withBase)
    throw new UsageError('--base and --with-base exclude each other', 'give one of them');
  const own = join(io.cwd, 'base');
  if (base !== undefined || (!withBase && isOverlay(own))) {
    const folder = resolve(io.cwd, base ?? 'base');
    if (isOverlay(folder)) return { folder, parts: [], copies: [] };
    throw new UsageError(
      `--base ${base} is not a folder with a kustomization.yaml`,
      'give the folder of the manifests that all environments share',
    );
  }
  const parts = partsFor(io.cwd);
  const what = [...parts]
    .sort()
    .map((name) => `${name}/`)
    .join(' and ');
  const question = `There is no base/ here. Copy ${what} into this folder?`;
  if (!withBase && !(await asker?.confirm(question)))
    throw new UsageError(
      'there is no base/ here for the environment to build on',
      `--with-base copies ${what} here; --base PATH names one; or change to the folder that has base/`,
    );
  const found = whatIsAt(own);
  // Another run copied it, or this one before it was stopped.
  const hasBase = found !== undefined && hasSameFiles(own, ownCopy('base'));
  if (found !== undefined && !hasBase)
    throw new UsageError(
      `base exists already: ${found}`,
      isOverlay(own)
        ? 'leave --with-base out: it is used'
        : 'nothing is overwritten: remove it, or name another base with --base PATH',
    );
  const hasPlugin = !parts.includes('plugin') || existsSync(join(io.cwd, 'plugin', SCHEMA));
  const otherPlugin = hasPlugin ? undefined : whatIsAt(join(io.cwd, 'plugin'));
  if (otherPlugin !== undefined)
    throw new UsageError(
      `plugin exists already, and is not the plugin home that belongs to the base: ${otherPlugin}`,
      'nothing is overwritten: move it, or name a base with --base PATH',
    );
  // A base that is there is not made again; the environment is built on the same files.
  const isHere = { base: hasBase, plugin: hasPlugin };
  return { folder: own, parts, copies: parts.filter((name) => !isHere[name]) };
}

/** A project that has this package in its node_modules has the plugin home there, in the version that its lockfile says. */
function partsFor(cwd: string): Copied[] {
  return asDependency(cwd) === undefined ? ['plugin', 'base'] : ['base'];
}

/** Where a project has this package as a dependency: a path that every clone has after `npm ci`, whatever it links to. */
function asDependency(cwd: string): string | undefined {
  const path = join(cwd, 'node_modules/ma-overlays');
  return existsSync(path) && realpathSync(path) === realpathSync(packageRoot) ? path : undefined;
}

/** The files of this package's own base or plugin home. */
export function ownCopy(name: Copied): OverlayFiles {
  return readFolder(join(packageRoot, name), name);
}

/**
 * The schema for an overlay's config: that of the plugin home in this project, else this package's own. A path inside the project is
 * relative, so that it holds in every clone.
 */
export function schemaFor(overlay: string, plan: BasePlan | undefined, cwd: string): string {
  const project = join(cwd, 'plugin', SCHEMA);
  if (plan?.copies.includes('plugin') || existsSync(project)) return relativePath(overlay, project);
  const dependency = asDependency(cwd);
  return dependency === undefined
    ? join(packageRoot, 'plugin', SCHEMA)
    : relativePath(overlay, join(dependency, 'plugin', SCHEMA));
}

/** A relative path as YAML files of every system have it. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).replaceAll('\\', '/') || '.';
}
