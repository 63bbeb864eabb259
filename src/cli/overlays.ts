/** Which folders are overlays, and what was probably meant by one that is not. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './io.ts';
import { inFolder, overlaysFolder, requireNoDir } from './overlays-folder.ts';

/** The names that kustomize accepts. */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Whether kustomize could build this folder. */
export function isOverlay(folder: string): boolean {
  return kustomizationFile(folder) !== undefined;
}

/** The path of a folder's kustomization; undefined where there is none. */
export function kustomizationFile(folder: string): string | undefined {
  return KUSTOMIZATION_FILES.map((name) => join(folder, name)).find(isFile);
}

/** The name of a folder's kustomization; the usual one where there is none. */
export function kustomizationIn(folder: string): string {
  const [usual = ''] = KUSTOMIZATION_FILES;
  return basename(kustomizationFile(folder) ?? usual);
}

/**
 * The overlays of a project, as paths from the working directory. Folders that begin with a dot are being made at this moment.
 * @param folder - where they are, from there
 */
export function listOverlays(cwd: string, folder = overlaysFolder(cwd)): string[] {
  const parent = join(cwd, folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => !name.startsWith('.') && isOverlay(join(parent, name)))
    .sort()
    .map((name) => inFolder(folder, name));
}

/** Every overlay, for `--all`; throws where there is none. */
export function allOverlays(cwd: string, dir: string | undefined, fix: string): string[] {
  const folder = overlaysFolder(cwd, dir);
  const found = listOverlays(cwd, folder);
  if (found.length > 0) return found;
  throw new UsageError(`--all: there is no overlay in ${folder}/`, fix);
}

/** The overlays that are named, or every one with `--all`; throws where there is none, or one that is no overlay. */
export function chosenOverlays(
  named: readonly string[],
  { all = false, dir }: { all?: boolean; dir?: string },
  cwd: string,
): readonly string[] {
  if (all && named.length > 0)
    throw new UsageError(`--all and ${named[0]} exclude each other`, 'leave one of them out');
  if (!all && named.length === 0)
    throw new UsageError('no overlay is named', 'name overlays, or --all');
  if (!all) requireNoDir(dir);
  const found = all
    ? allOverlays(
        cwd,
        dir,
        'change to the folder of the project, or name theirs with --dir; `ma-overlays new` makes one',
      )
    : named;
  for (const overlay of found) requireOverlay(overlay, cwd);
  return found;
}

/** `production` means `overlays/production` where there is no folder of that name here. */
export function overlayPath(argument: string, cwd: string, folder = overlaysFolder(cwd)): string {
  const named = inFolder(folder, argument);
  return !existsSync(resolve(cwd, argument)) && isOverlay(resolve(cwd, named)) ? named : argument;
}

/** Throws where an argument is not an overlay, and says which there are. */
export function requireOverlay(argument: string, cwd: string): void {
  const path = resolve(cwd, argument);
  if (isOverlay(path)) return;
  throw new UsageError(`${argument} ${whatItIs(path)}`, suggestion(argument, path, cwd));
}

function whatItIs(path: string): string {
  if (!existsSync(path)) return 'does not exist';
  if (isFile(path)) return 'is a file, not the folder of an overlay';
  return `has no ${KUSTOMIZATION_FILES[0]}`;
}

function suggestion(argument: string, path: string, cwd: string): string {
  if (isFile(path) && isOverlay(dirname(path))) return `give its folder: ${dirname(argument)}`;
  const folder = overlaysFolder(cwd);
  const named = inFolder(folder, argument);
  if (isOverlay(resolve(cwd, named))) return `give its path: ${named}`;
  const existing = listOverlays(cwd, folder);
  return existing.length > 0
    ? `choose one of: ${existing.join(', ')}`
    : `give the path of a folder that kustomize can build; there is no overlay in ${folder}/`;
}

/** Whether a regular file is there, links followed. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
