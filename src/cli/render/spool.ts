/** The files of environments on their way into the output folder. They wait on disk, so that memory does not grow with their number. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceFile } from './files.ts';
import { sumOf } from './marker.ts';

/** The files of one environment. */
export interface MadeFiles {
  names: readonly string[];
  /** As `sumOf` says it of the files. */
  sum: string;
  /** What made them, in words. */
  by: string;
  read(): readonly ResourceFile[];
}

/** Files that stay in memory. */
export function madeFiles(files: readonly ResourceFile[], by: string): MadeFiles {
  return { names: files.map(({ name }) => name), sum: sumOf(files), by, read: () => files };
}

/** The same, left in a folder that only this user can look into, under a name that nothing there has. */
export function spooled(
  folder: string,
  name: string,
  files: readonly ResourceFile[],
  by: string,
): MadeFiles {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(files), { mode: 0o600, flag: 'wx' });
  const { names, sum } = madeFiles(files, by);
  return { names, sum, by, read: () => JSON.parse(readFileSync(path, 'utf8')) };
}
