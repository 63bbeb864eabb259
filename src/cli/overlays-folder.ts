/** The folder that a project has its overlays in: `overlays`, or what `--dir` or its package.json says. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import { readRegularFile } from '../read-file.ts';
import { getIn } from '../yaml/json.ts';
import { UsageError } from './io.ts';

const USUAL = 'overlays';

/** Where package.json has it, in words. */
const FIELD = '`"ma-overlays": {"dir": …}` in package.json';

/** The flag of verbs that look for overlays, or make them; the line of `--all` in the help has a word on it. */
export function dirOption(): Option {
  return new Option('--dir <folder>', `where overlays are, if not in ${USUAL}/`).hideHelp();
}

/** What `--all` is, in the help. */
export const ALL = `every overlay in ${USUAL}/, or in --dir <folder>`;

/** Throws where the folder is named and nothing is looked for in it. */
export function requireNoDir(dir: string | undefined): void {
  if (dir === undefined) return;
  throw new UsageError(
    `--dir ${dir} says where --all looks, and there is no --all`,
    'leave --dir out, or add --all',
  );
}

/**
 * Its path from the working directory, which is the project's folder.
 * @param chosen - with `--dir`
 */
export function overlaysFolder(cwd: string, chosen?: string): string {
  if (chosen !== undefined) return within(cwd, chosen, `--dir ${chosen}`);
  const said = saidInPackage(cwd);
  return said === undefined ? USUAL : within(cwd, said, `${FIELD}: ${said}`);
}

/** A path below the folder, as people type it. */
export function inFolder(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** Drafts are made and moved in the project, and paths in what is written hold in every clone of it. */
function within(cwd: string, folder: string, shown: string): string {
  const path = relative(cwd, resolve(cwd, folder)).replaceAll('\\', '/');
  if (folder !== '' && !isAbsolute(path) && path !== '..' && !path.startsWith('../'))
    return path || '.';
  throw new UsageError(
    `${shown} is not a folder in the working directory`,
    'change to the folder of the project, and give a path from there',
  );
}

function saidInPackage(cwd: string): string | undefined {
  const file = join(cwd, 'package.json');
  if (!existsSync(file)) return undefined;
  const said = getIn(parsed(readRegularFile(file, { shown: 'package.json' })), ['ma-overlays']);
  if (said === undefined) return undefined;
  const dir = getIn(said, ['dir']);
  const keys = typeof said === 'object' && said !== null ? Object.keys(said) : [];
  if (typeof dir === 'string' && keys.length === 1) return dir;
  throw new UsageError(
    '`"ma-overlays"` in package.json is not a map with one key, `dir`, that names a folder',
    'write for instance `"ma-overlays": {"dir": "deploy/environments"}`, or leave it out',
  );
}

/** npm reads one with a byte order mark too. */
function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(
      'package.json is not JSON: where the overlays are cannot be read in it',
      'fix it, or name the folder with --dir',
    );
  }
}
