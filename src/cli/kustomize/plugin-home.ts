/** A plugin home like another one, with another program in place of the function. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../io.ts';
import { PLUGIN_FOLDER } from '../package-root.ts';

/** Folders from the plugin home down to the function's own file. */
const FUNCTION = [...PLUGIN_FOLDER.split('/'), 'DomainConfig'];

/** Makes it in a folder that is empty, and returns its path; the other plugins of the plugin home stay in place. */
export function makePluginHome(folder: string, pluginHome: string, program: string): string {
  const home = join(folder, 'home');
  linkExcept(pluginHome, home, FUNCTION);
  const path = join(home, ...FUNCTION);
  writeFileSync(path, program, { mode: 0o755 });
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new UsageError(
      `no program can be started from ${folder}`,
      'set TMPDIR to a folder on a disk that is not mounted with noexec',
    );
  }
  return home;
}

/** Links everything of a folder but the file at a path below it; the folders on the way are made anew. */
function linkExcept(from: string, to: string, [first = '', ...rest]: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  const names = existsSync(from) ? readdirSync(from) : [];
  for (const name of names) if (name !== first) symlinkSync(join(from, name), join(to, name));
  if (rest.length > 0) linkExcept(join(from, first), join(to, first), rest);
}
