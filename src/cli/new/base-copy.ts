/** The base that a new environment builds on: the one here, one that is named, or a copy of this package's own. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type Io, UsageError } from '../io.ts';
import { isOverlay } from '../overlays.ts';
import { PLUGIN_FOLDER, packageRoot } from '../package-root.ts';
import type { Asker } from '../questions.ts';
import { hasSameFiles, type OverlayFiles, readFolder } from './folder.ts';
import { whatIsAt } from './names.ts';

const SCHEMA = `${PLUGIN_FOLDER}/domain-config.schema.json`;

export interface BaseOptions {
  base?: string;
  withBase?: boolean;
}

/** Where the base is or will be, and which folders of this package have to be copied here first. */
export interface BasePlan {
  folder: string;
  copies: readonly ('base' | 'plugin')[];
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
    if (isOverlay(folder)) return { folder, copies: [] };
    throw new UsageError(
      `--base ${base} is not a folder with a kustomization.yaml`,
      'give the folder of the manifests that all environments share',
    );
  }
  const question = 'There is no base/ here. Copy base/ and plugin/ into this folder?';
  if (!withBase && !(await asker?.confirm(question)))
    throw new UsageError(
      'there is no base/ here for the environment to build on',
      '--with-base copies base/ and plugin/ here; --base PATH names one; or change to the folder that has base/',
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
  const hasPlugin = existsSync(join(io.cwd, 'plugin', SCHEMA));
  const otherPlugin = hasPlugin ? undefined : whatIsAt(join(io.cwd, 'plugin'));
  if (otherPlugin !== undefined)
    throw new UsageError(
      `plugin exists already, and is not the plugin home that belongs to the base: ${otherPlugin}`,
      'nothing is overwritten: move it, or name a base with --base PATH',
    );
  if (hasBase && hasPlugin) return { folder: own, copies: [] };
  // A base that is there is not made again; the environment is built on the same files.
  return { folder: own, copies: hasPlugin ? ['base'] : ['plugin', 'base'] };
}

/** The files of this package's own base or plugin home. */
export function ownCopy(name: 'base' | 'plugin'): OverlayFiles {
  return readFolder(join(packageRoot, name), name);
}

/**
 * The schema for an overlay's config: that of the plugin home in this project, else this package's own. A path inside the project is
 * relative, so that it holds in every clone.
 */
export function schemaFor(overlay: string, plan: BasePlan | undefined, cwd: string): string {
  const project = join(cwd, 'plugin', SCHEMA);
  if (plan?.copies.includes('plugin') || existsSync(project)) return relativePath(overlay, project);
  const own = join(packageRoot, 'plugin', SCHEMA);
  const fromProject = relative(cwd, own);
  const isInside = !fromProject.startsWith('..') && !isAbsolute(fromProject);
  return isInside ? relativePath(overlay, own) : own;
}

/** A relative path as YAML files of every system have it. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).replaceAll('\\', '/') || '.';
}
