/** `ma-overlays install`: the plugin where kustomize looks for it, without this package. */
import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { printed } from '../errors.ts';
import { shellWord } from '../foreign-text.ts';
import { diskError } from './disk-errors.ts';
import {
  foreignFiles,
  isSameInstallation,
  removePlugin,
  unsoundFiles,
  writePlugin,
} from './install-files.ts';
import { CommandError, type ExitStatus, type Io, UsageError } from './io.ts';
import { PLUGIN_FOLDER, packageRoot } from './package-root.ts';
import { removeEmptyFolders, withUndo } from './undo.ts';

interface InstallOptions {
  to?: string;
  force?: boolean;
  uninstall?: boolean;
}

const HELP = `
Without --to it goes where kustomize looks by itself: $KUSTOMIZE_PLUGIN_HOME, else
$XDG_CONFIG_HOME/kustomize/plugin, else ~/.config/kustomize/plugin. There it needs Node.js 20 alone.
Files that are not ours, or were changed since an installation, stay unless --force is given.

Example, for the image of an Argo CD repo server:
  ma-overlays install --to ./kustomize-plugins`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addInstall(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  program
    .command('install')
    .summary("put the plugin into kustomize's plugin home, or into a folder")
    .description("Puts the plugin into kustomize's plugin home, or into a folder.")
    .option('--to <folder>', 'the plugin home to put it into; made where it is missing')
    .option('--force', 'overwrite files that are not ours')
    .option('--uninstall', 'take it away instead')
    .addHelpText('after', HELP)
    .action(async (options: InstallOptions) => {
      finish(await install(options, io));
    });
}

/** Installs or uninstalls the plugin and prints how to use it. */
async function install(options: InstallOptions, io: Io): Promise<ExitStatus> {
  const home = options.to === undefined ? defaultHome(io) : resolve(io.cwd, options.to);
  const folder = join(home, PLUGIN_FOLDER);
  if (isOwnFolder(folder))
    throw new UsageError(
      `${home} is the plugin home of this package itself`,
      options.uninstall ? 'npm uninstall it' : 'nothing has to be done; --to FOLDER names another',
    );
  requireFolder(folder);
  if (!options.uninstall) requireSound();
  const foreign = foreignFiles(folder);
  if (foreign.length > 0 && !options.force)
    throw new UsageError(
      `${folder} has files that this command did not write, or that were changed since: ${foreign.join(', ')}`,
      `--force ${options.uninstall ? 'removes' : 'overwrites'} them`,
    );
  const inTheWay = foreign.find((name) => lstatSync(join(folder, name)).isDirectory());
  if (inTheWay !== undefined)
    throw new UsageError(
      `${join(folder, inTheWay)} is a folder, which --force does not remove`,
      'move it elsewhere',
    );
  try {
    if (options.uninstall) return uninstall(home, folder, io);
    if (isSameInstallation(folder)) io.stdout.write(`${printed(folder)} is up to date\n`);
    else {
      await installInto(folder, io);
      io.stdout.write(`installed into ${printed(folder)}\n`);
    }
  } catch (error) {
    throw diskError(error, `${folder} cannot be changed`);
  }
  const prefix = options.to === undefined ? '' : `KUSTOMIZE_PLUGIN_HOME=${shellWord(home)} `;
  const build = `${prefix}kustomize build --enable-alpha-plugins overlays/production`;
  io.stdout.write(`\nUse it:\n  ${build}\n`);
  return 0;
}

/** Refuses to hand on what is not what the build made. */
function requireSound(): void {
  const unsound = unsoundFiles();
  if (unsound.length === 0) return;
  throw new CommandError(
    1,
    `the SHA-256 of these files of this package is not that of its build, or is not known: ${unsound.map((name) => join(packageRoot, 'plugin', PLUGIN_FOLDER, name)).join(', ')}`,
    'install the package again; in a clone git checkout plugin, or npm run build after a change of the sources',
  );
}

/** In the order in which kustomize itself looks. */
function defaultHome({ env, cwd }: Io): string {
  if (env.KUSTOMIZE_PLUGIN_HOME) return resolve(cwd, env.KUSTOMIZE_PLUGIN_HOME);
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return resolve(cwd, config, 'kustomize/plugin');
}

function isOwnFolder(folder: string): boolean {
  const own = join(packageRoot, 'plugin', PLUGIN_FOLDER);
  return existsSync(folder) && existsSync(own) && realpathSync(folder) === realpathSync(own);
}

/** Folders that are made are for every user, as the files are. */
async function installInto(folder: string, io: Io): Promise<void> {
  const umask = process.umask(0o022);
  try {
    await withUndo(io, async (undo) => {
      undo.makeFolder(folder);
      writePlugin(folder);
    });
  } finally {
    process.umask(umask);
  }
}

/** Refuses what has the folder's name and is none; a link to a folder is one. */
function requireFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UsageError(`${folder} is not a folder`, 'move it elsewhere, or name another with --to');
}

function uninstall(home: string, folder: string, io: Io): ExitStatus {
  if (!existsSync(folder)) throw new CommandError(1, `nothing is installed in ${home}`);
  removePlugin(folder);
  // The plugin home itself may be somebody's.
  removeEmptyFolders(folder, home);
  io.stdout.write(`removed from ${printed(folder)}\n`);
  return 0;
}
