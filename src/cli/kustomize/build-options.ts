/** The flags of every verb that builds, and what they come to. */
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Io, UsageError } from '../io.ts';
import { PLUGIN_FOLDER, packageRoot } from '../package-root.ts';
import { findKustomize, type Kustomize } from './find.ts';
import type { Permissions } from './plugin-ids.ts';

/** As commander has parsed them; undefined where a flag is not given. */
export interface BuildOptions {
  kustomize?: string;
  pluginHome?: string;
  /** In seconds. */
  timeout?: number;
  /** How many overlays are built at a time. */
  jobs?: number;
  allowPlugins?: boolean;
  verbose?: boolean;
  /** Start the function of the plugin home instead of the one in this process; no flag of its own. */
  runsPlugin?: boolean;
}

/** What overlays are built with. */
export interface Builder extends Permissions {
  kustomize: Kustomize;
  /** A folder with the function in it. */
  pluginHome: string;
  /** How long one overlay may take, in seconds. */
  seconds: number;
  /** Whether the function is the program in the plugin home: then nothing is known of its calls. */
  runsPlugin: boolean;
}

/** 2,000 resources take 50 seconds; a remote base takes as long as its server. */
const DEFAULT_SECONDS = 300;

/** What a timer of Node.js can count, in seconds. */
const LONGEST_SECONDS = 2_000_000;

const PLUGIN = `${PLUGIN_FOLDER}/DomainConfig`;

/** Adds them. `areHidden`: where a screen has no room, they stay out of the help. */
export function addBuildOptions(command: Command, areHidden = false): Command {
  const options = [
    new Option('--kustomize <path>', 'the kustomize or kubectl to build with'),
    new Option('--plugin-home <folder>', 'a plugin home with other plugins that overlays may name'),
    new Option('--allow-plugins', 'run containers too, and plugins of remote bases, unseen'),
    new Option(
      '--timeout <seconds>',
      `how long one overlay may take; default ${DEFAULT_SECONDS}`,
    ).argParser(toSeconds),
    // On no screen: docs/fleets.md has it.
    new Option('--jobs <n>', 'how many are built at a time').argParser(toJobs).hideHelp(),
    new Option('--verbose', 'say on stderr which kustomize built it, also without a terminal'),
  ];
  for (const option of options) command.addOption(areHidden ? option.hideHelp() : option);
  return command;
}

/** Finds everything that a build needs, or throws with what is missing. */
export async function findBuilder(options: BuildOptions, io: Io): Promise<Builder> {
  const pluginHome = findPluginHome(options.pluginHome, io);
  return {
    pluginHome,
    kustomize: await findKustomize(options.kustomize, io),
    seconds: options.timeout ?? DEFAULT_SECONDS,
    runsPlugin: options.runsPlugin === true,
    mayNameOthers: options.pluginHome !== undefined || options.allowPlugins === true,
    mayRunAnything: options.allowPlugins === true,
  };
}

/** The folder that kustomize gets as plugin home, checked. It is this package's own unless another is chosen. */
function findPluginHome(chosen: string | undefined, io: Io): string {
  const home = chosen === undefined ? join(packageRoot, 'plugin') : resolve(io.cwd, chosen);
  try {
    accessSync(join(home, PLUGIN), constants.X_OK);
  } catch {
    throw new UsageError(
      `${home} is not a plugin home with an executable ${PLUGIN}`,
      chosen === undefined ? 'npm run build, or git checkout plugin' : 'leave --plugin-home out',
    );
  }
  return home;
}

function toJobs(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number from 1 to 999.');
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= LONGEST_SECONDS) return seconds;
  throw new InvalidArgumentError(`It is a number of seconds, from 1 to ${LONGEST_SECONDS}.`);
}
