/** Plugin homes that lie in the repository of an overlay, with another version of the function than this program's. */

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { shellWord } from '../../foreign-text.ts';
import { remembered } from '../../maps.ts';
import { VERSION } from '../../protocol/generated/version.ts';
import { readIfRegular } from '../../read-file.ts';
import { PLUGIN_FOLDER, packageRoot } from '../package-root.ts';
import type { BuildProblem } from './build-problem.ts';

const PLUGIN = `${PLUGIN_FOLDER}/DomainConfig`;

/** The second line of the bundle: see build/bundle.ts. Nothing of a repository is run. */
const SAYS_VERSION = /^#!.*\n\/\/ (ma-overlays \d[\w.+-]*)\n/;

/** Finds them for one overlay after the other; each folder is looked at once. */
export function pluginVersions(cwd: string): (overlay: string) => BuildProblem[] {
  const known = new Map<string, string[]>();
  const homesIn = (folder: string) => remembered(known, folder, () => pluginHomesIn(folder));
  return (overlay) =>
    foldersAbove(resolve(cwd, overlay))
      .flatMap(homesIn)
      .flatMap((home) => differing(home, cwd));
}

/** From the overlay's own to that of its repository; only the one around it where there is no repository. */
function foldersAbove(overlay: string): string[] {
  const folders: string[] = [];
  for (let folder = overlay; ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (folder === dirname(folder)) return folders.slice(0, 2);
  }
}

/** Itself and the folders in it, but for installed packages. */
function pluginHomesIn(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => join(folder, name));
  return below.filter((each) => existsSync(join(each, PLUGIN)));
}

function differing(home: string, cwd: string): BuildProblem[] {
  const file = join(home, PLUGIN);
  if (realpathSync(file) === join(packageRoot, 'plugin', PLUGIN)) return [];
  const said = SAYS_VERSION.exec(readIfRegular(file)?.toString('latin1') ?? '')?.[1];
  // A script that starts another program says none.
  if (said === undefined || said === VERSION) return [];
  const shown = relative(cwd, home) || '.';
  const force = existsSync(join(home, PLUGIN_FOLDER, 'installed-by-ma-overlays.json'))
    ? ''
    : ' --force';
  return [
    {
      code: 'plugin-version-differs',
      severity: 'warning',
      file: join(shown, PLUGIN),
      message: `${shown} has the function of ${said}, and this is ${VERSION}: who builds with it may get other manifests than those that were checked`,
      fix: `renew it: \`npx ma-overlays install --to ${shellWord(shown)}${force}\`; or install the version of this program that belongs to it`,
    },
  ];
}
