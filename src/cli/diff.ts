/** `ma-overlays diff`: what changes in the rendered manifests between two states. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { printed } from '../errors.ts';
import { colorsFor } from './colors.ts';
import { type Chosen, type Comparison, compare } from './diff/compare.ts';
import { toJson } from './diff/json.ts';
import { toMarkdown } from './diff/markdown.ts';
import { toText } from './diff/text.ts';
import { isDifferent } from './diff/words.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { inTemporaryFolder, temporaryParent } from './kustomize/temporary-folder.ts';
import { isOverlay, overlayPath } from './overlays.ts';
import { dirOption, overlaysFolder } from './overlays-folder.ts';
import { sinceOption, touchedSince } from './since.ts';
import { isOutside, openState, type State, stateHere } from './state.ts';

interface DiffOptions extends BuildOptions {
  dir?: string;
  since?: string;
  to?: string;
  exitCode?: boolean;
  format: 'text' | 'markdown' | 'json';
  limit?: number;
}

const HELP = `
A state is a branch, tag or commit, one with a folder (main:rendered), or a folder: another
checkout, one overlay, or what render --out made. Equal changes of several overlays are one, and
values of Secrets are never shown. With --plugin-home, the first state is built with the function
in that folder: what another version of the plugin changes. render --help has more flags.

Example:
  ma-overlays diff origin/main overlays/production`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addDiff(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('diff')
    .summary('print what changes in rendered manifests between two states')
    .description('Prints what changes in the rendered manifests, from a state to the work tree.')
    .argument('[state]', 'the one to compare with; HEAD where none is named')
    .argument('[overlay...]', 'all that either state has, where none is named')
    .option('--to <state>', 'another state in the place of the work tree')
    .addOption(dirOption())
    .addOption(sinceOption())
    .addOption(
      program
        .createOption('--format <format>', 'how it is printed')
        .choices(['text', 'markdown', 'json'])
        .default('text'),
    )
    .option(
      '--limit <characters>',
      'leave out what is longer, and say so; markdown: 65536',
      toLimit,
    )
    .option('--exit-code', 'end with 1 where anything differs')
    .addHelpText('after', HELP);
  addBuildOptions(command, true).action(
    async (state: string | undefined, overlays: string[], options: DiffOptions) => {
      finish(await diff(state, overlays, options, io));
    },
  );
}

async function diff(
  word: string | undefined,
  overlays: readonly string[],
  options: DiffOptions,
  io: Io,
): Promise<ExitStatus> {
  if (options.limit !== undefined && options.format === 'json')
    throw new UsageError('--limit is for people: --format json is whole', 'leave one of them out');
  const { pluginHome, since, to } = options;
  if (since !== undefined && (to ?? pluginHome) !== undefined)
    throw new UsageError(
      '--since looks at what changed up to the work tree: neither --to nor --plugin-home goes with it',
      'leave one of them out',
    );
  const folder = overlaysFolder(io.cwd, options.dir);
  const chosen: Chosen = {
    overlays: overlays.map((overlay) => overlayPath(overlay, io.cwd, folder)),
    ...(options.dir === undefined ? {} : { dir: folder }),
    ...(since === undefined ? {} : { touched: (paths) => touchedSince(paths, options, io) }),
  };
  refuseOverlayAsState(word, overlays, options, io);
  return inTemporaryFolder(temporaryParent(io), io, async (temporary) => {
    const open = (which: string, one: string) => {
      const folder = join(temporary, which);
      mkdirSync(folder);
      return openState(one, folder, io);
    };
    const here = to === undefined ? stateHere(io) : await open('to', to);
    const there =
      word === undefined && pluginHome !== undefined ? here : await open('from', word ?? 'HEAD');
    const comparison = await compare(
      {
        state: pluginHome === undefined ? there : withPlugin(there, pluginHome),
        options: pluginHome === undefined ? options : { ...options, runsPlugin: true },
      },
      { state: here, options },
      chosen,
      io,
    );
    io.stdout.write(format(comparison, options, io));
    const failures = comparison.overlays.flatMap(({ overlay, failures }) =>
      failures.map((failure) => ({ overlay, ...failure })),
    );
    for (const { overlay, name, messages } of failures)
      io.stderr.write(`${printed(`${overlay} cannot be built in ${name}`)}:\n${messages}`);
    const isFailed = failures.length > 0 || (options.exitCode && isDifferent(comparison));
    return isFailed ? 1 : 0;
  });
}

function withPlugin(state: State, pluginHome: string): State {
  return { ...state, name: `${state.name} with the function in ${pluginHome}` };
}

function format(comparison: Comparison, { format, limit }: DiffOptions, io: Io): string {
  if (format === 'json') return toJson(comparison);
  if (format === 'markdown') return toMarkdown(comparison, limit);
  return toText(comparison, colorsFor(io.stdout, io), limit);
}

/** An overlay that is named alone was meant as one of the overlays. */
function refuseOverlayAsState(
  word: string | undefined,
  overlays: readonly string[],
  { to }: DiffOptions,
  io: Io,
): void {
  if (word === undefined || overlays.length > 0 || to !== undefined) return;
  if (!isOverlay(resolve(io.cwd, word))) return;
  const isHere = !isOutside(io.cwd, resolve(io.cwd, word));
  throw new UsageError(
    `${word} is an overlay, and the first word is the state to compare with`,
    isHere
      ? `name the state before it: diff HEAD ${word}`
      : `name the overlay to compare with behind it: diff ${word} OVERLAY`,
  );
}

function toLimit(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text) && Number(text) >= 1000) return Number(text);
  throw new InvalidArgumentError('It is a number of characters, 1000 or more.');
}
