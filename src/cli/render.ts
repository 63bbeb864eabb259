/** `ma-overlays render`: overlays as kustomize builds them, with the function in place. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { buildWithWarnings } from './build-with-warnings.ts';
import { unwrapFunctionErrors } from './function-errors.ts';
import { CommandError, type ExitStatus, type Io } from './io.ts';
import { type BuildResult, findKustomize, findPluginHome } from './kustomize.ts';
import { listOverlays, requireOverlay } from './overlays.ts';
import { progressOn } from './progress.ts';
import { resourceFiles } from './render-files.ts';
import {
  environmentNames,
  examineOutFolder,
  type OutFolder,
  replaceOutFolder,
} from './render-folder.ts';
import { type Undo, withUndo } from './undo.ts';

interface RenderOptions {
  all?: boolean;
  out?: string;
  kustomize?: string;
  pluginHome?: string;
}

const HELP = `
It builds with the first of: --kustomize, $KUSTOMIZE, kustomize on PATH, kubectl on PATH, the
bundled kustomize 4.5.4. Nothing is printed or written unless every overlay was built. --out makes a
folder for each overlay, with a file for each resource; without --all, others in it stay.

Example:
  ma-overlays render overlays/production | kubectl apply --server-side -f -

The same without this command:
  KUSTOMIZE_PLUGIN_HOME=$PWD/plugin kustomize build --enable-alpha-plugins overlays/production`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addRender(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  program
    .command('render')
    .summary('print the manifests of overlays, or write them into a folder')
    .description('Prints the manifests of overlays, or writes them into a folder.')
    .argument('[overlay...]')
    .option('--all', 'every overlay in overlays/')
    .option('--out <folder>', 'write into this folder, which is replaced in one step')
    .option('--kustomize <path>', 'the kustomize or kubectl to build with')
    .option('--plugin-home <folder>', "a plugin home other than this package's own")
    .addHelpText('after', HELP)
    .action(async (overlays: string[], options: RenderOptions) => {
      finish(await render(chooseOverlays(overlays, options.all === true, io), options, io));
    });
}

/** Builds all overlays, then prints or writes them in the order given, or none where one fails. */
export async function render(
  overlays: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<ExitStatus> {
  for (const overlay of overlays) requireOverlay(overlay, io.cwd);
  const names = options.out === undefined ? [] : environmentNames(overlays, io.cwd);
  const out = options.out === undefined ? undefined : examineOutFolder(options.out, io.cwd);
  const results = await buildAll(overlays, options, io);
  report(overlays, results, io);
  if (results.some(({ succeeded }) => !succeeded)) return 1;
  if (out === undefined) printAll(results, io);
  else await writeAll(out, names, results, options.all === true, io);
  return 0;
}

function chooseOverlays(named: readonly string[], all: boolean, io: Io): readonly string[] {
  if (all && named.length > 0)
    throw new CommandError(2, `--all and ${named[0]} exclude each other`, 'leave one of them out');
  if (!all && named.length === 0)
    throw new CommandError(2, 'no overlay is named', 'name overlays, or --all');
  if (!all) return named;
  // Folders that begin with a dot are being made at this moment.
  const found = listOverlays(io.cwd).filter((path) => !path.startsWith('overlays/.'));
  if (found.length === 0)
    throw new CommandError(2, 'there is no overlay in overlays/', 'change to the folder above it');
  return found;
}

/** As many at a time as there are cores; the results come in the order of the overlays. */
async function buildAll(
  overlays: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<BuildResult[]> {
  const pluginHome = findPluginHome(options.pluginHome, io);
  const kustomize = await findKustomize(options.kustomize, io);
  const results: BuildResult[] = [];
  const open = [...overlays.entries()];
  const running = new Set<string>();
  const progress = progressOn(io.stderr);
  const show = () => {
    const done = overlays.length - open.length - running.size;
    progress.show(`${done} of ${overlays.length} built, building ${[...running].join(', ')}`);
  };
  const work = async (undo: Undo) => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const [index, overlay] = next;
      running.add(overlay);
      show();
      results[index] = await buildWithWarnings(kustomize, overlay, pluginHome, undo, io);
      running.delete(overlay);
      show();
    }
  };
  const workers = Math.min(overlays.length, availableParallelism());
  try {
    await withUndo(io, async (undo) => {
      await Promise.all(Array.from({ length: workers }, () => work(undo)));
      undo.run();
    });
  } finally {
    progress.clear();
  }
  return results;
}

/** What kustomize and the function said, under the overlay's name where there are several. */
function report(overlays: readonly string[], results: readonly BuildResult[], io: Io): void {
  for (const [index, { succeeded, stderr }] of results.entries()) {
    if (stderr === '') continue;
    const title = overlays.length > 1 ? `${overlays[index]}:\n` : '';
    io.stderr.write(`${title}${succeeded ? stderr : unwrapFunctionErrors(stderr)}`);
  }
}

function printAll(results: readonly BuildResult[], io: Io): void {
  for (const [index, { stdout }] of results.entries()) {
    if (index > 0) io.stdout.write('---\n');
    io.stdout.write(stdout);
  }
}

async function writeAll(
  out: OutFolder,
  names: readonly string[],
  results: readonly BuildResult[],
  all: boolean,
  io: Io,
): Promise<void> {
  const environments = new Map(
    results.map(({ stdout }, index) => [
      names[index] ?? '',
      resourceFiles(Buffer.from(stdout).toString('utf8')),
    ]),
  );
  const kept = all ? [] : out.environments.filter((name) => !environments.has(name));
  await withUndo(io, async (undo) => replaceOutFolder(out, environments, kept, undo));
}
