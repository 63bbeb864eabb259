/** The one way in which every verb builds an overlay: kustomize runs, and the function runs in this process. */
import { formatProblems, printed } from '../errors.ts';
import type { FunctionCall } from '../report/call.ts';
import type { BuiltOverlay } from '../report/overlay-report.ts';
import { hasErrors } from '../run.ts';
import { acceptedInConfig, reasonFor } from '../surface/accepted.ts';
import { isTerminal } from './colors.ts';
import { environmentOf } from './environment-file.ts';
import { unwrapFunctionErrors } from './function-errors.ts';
import { inParallel } from './in-parallel.ts';
import { formatCommandError, type Io } from './io.ts';
import { type BuildFolders, type Built, withBuildFolders } from './kustomize/build-folders.ts';
import { type Builder, type BuildOptions, findBuilder } from './kustomize/build-options.ts';
import { type BuildProblem, buildError } from './kustomize/build-problem.ts';
import { configFaults } from './kustomize/config-faults.ts';
import { withConfigLines } from './kustomize/config-lines.ts';
import { configPlaces } from './kustomize/config-places.ts';
import { copyFinder } from './kustomize/copied-environments.ts';
import type { Kustomize } from './kustomize/find.ts';
import { kustomizationFaults } from './kustomize/kustomization-faults.ts';
import { refusedPlugins, withReasons } from './kustomize/plugins-named.ts';
import { progressOn } from './progress.ts';

/** What a build came to. */
export interface ObservedBuild extends Omit<BuiltOverlay, 'manifests'> {
  /** Finished manifests; undefined where the overlay cannot be built. */
  manifests: Buffer | undefined;
  /** What is wrong with the build, beside what the function says; accepted or not. */
  problems: readonly BuildProblem[];
  /** What kustomize says of a build that it cannot do, in its own words. */
  reason?: string;
  /** What kustomize says of a build that it did, and notes about the environments beside this one. */
  aside?: string;
  /** What it was built with. */
  kustomize: Kustomize;
  /** For another look at the same overlay. */
  builder: Builder;
}

/** Builds overlays, as many at a time as there are cores; the results come in the order of the overlays. */
export function buildAll(
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<ObservedBuild[]> {
  return buildEach(overlays, options, io, (build) => build);
}

/** The same, with what is kept of each: of hundreds, nothing that was only on the way to it. */
export async function buildEach<T>(
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
  keep: (build: ObservedBuild, index: number) => T | Promise<T>,
): Promise<T[]> {
  if (overlays.length === 0) return [];
  const builder = await findBuilder(options, io);
  const running = new Set<string>();
  const progress = progressOn(io.stderr);
  const withoutCopies = copyFinder(io.cwd);
  let done = 0;
  const show = () =>
    progress.show(`${done} of ${overlays.length} built, building ${[...running].join(', ')}`);
  const work = async (folders: BuildFolders, overlay: string, index: number) => {
    running.add(overlay);
    show();
    const built = await keep(withoutCopies(await observeIn(folders, builder, overlay, io)), index);
    running.delete(overlay);
    done += 1;
    show();
    return built;
  };
  const results = await withBuildFolders(builder, io, (folders) =>
    inParallel(overlays, (overlay, index) => work(folders, overlay, index), options.jobs),
  ).finally(() => progress.clear());
  sayWhich(builder, options, io);
  return results;
}

/** Says for people which kustomize it was: several may be installed. */
export function sayWhich({ kustomize }: Builder, { verbose }: BuildOptions, { stderr }: Io): void {
  if (!verbose && !isTerminal(stderr)) return;
  const { command, verb, version = 'of an unknown version' } = kustomize;
  stderr.write(`built with kustomize ${version}: ${printed(command)} ${verb}\n`);
}

/** What the function and the build say that nobody accepts. */
export function complaintsOf({ problems, calls }: ObservedBuild): BuildProblem[] {
  const rows = acceptedInConfig(calls.at(-1)?.loaded.settings);
  return [
    ...calls.flatMap(({ result }) => result.problems),
    ...problems.filter((one) => one.severity === 'error' || reasonFor(one, rows) === undefined),
  ];
}

/** The same as people read it; where kustomize gave up, its own words. */
export function messagesOf(build: ObservedBuild): string {
  return build.reason ?? formatProblems(complaintsOf(build));
}

/** Prints what is not a finding: each text once, below the overlays that it is about. */
export function writeAsides(
  builds: readonly { overlay: string; aside?: string | undefined }[],
  { stderr }: Io,
): void {
  const texts = new Set(builds.flatMap(({ aside }) => aside || []));
  for (const text of texts) {
    const about = builds.filter(({ aside }) => aside === text).map(({ overlay }) => overlay);
    stderr.write(`${builds.length > 1 ? `${printed(about.join(', '))}:\n` : ''}${text}`);
  }
}

/** Builds one overlay. */
export function observe(builder: Builder, overlay: string, io: Io): Promise<ObservedBuild> {
  return withBuildFolders(builder, io, (folders) => observeIn(folders, builder, overlay, io));
}

async function observeIn(
  folders: BuildFolders,
  builder: Builder,
  overlay: string,
  io: Io,
): Promise<ObservedBuild> {
  const common = { overlay, kustomize: builder.kustomize, builder };
  const refused = refusedPlugins(overlay, builder, io.cwd);
  if (refused.length > 0) {
    const problems = withReasons(refused, kustomizationFaults(overlay, io.cwd));
    return { ...common, manifests: undefined, calls: [], problems };
  }
  const built = await folders.build(overlay);
  const { manifests } = built;
  const places = configPlaces(overlay, io.cwd);
  const calls = withConfigLines(built.calls, places, io.cwd);
  const faults = [
    ...configFaults(overlay, manifests, calls, places),
    ...(places.length === 0 ? emptyConfigs(overlay, io.cwd) : []),
  ];
  const aside = eachLineOnce(built.stderr);
  if (faults.length > 0) {
    const said = manifests ? { aside } : {};
    return { ...common, manifests: undefined, calls, problems: faults, ...said };
  }
  if (!manifests)
    return { ...common, manifests, calls, ...whyNotBuilt(overlay, built, calls, io.cwd) };
  const { problems, ...environment } = environmentOf(overlay, manifests, io.cwd);
  const isSound = problems.every(({ severity }) => severity === 'warning');
  return {
    ...common,
    manifests: isSound ? manifests : undefined,
    ...environment,
    calls,
    problems,
    aside,
  };
}

/** kustomize passes over a file without a document: the build is fine, and nothing was changed in it. */
function emptyConfigs(overlay: string, cwd: string): BuildProblem[] {
  return kustomizationFaults(overlay, cwd).filter(({ code }) => code === 'config-missing');
}

/** Of a build that failed. What the function said comes without what kustomize makes of it; then what the files tell; then kustomize's words. */
function whyNotBuilt(
  overlay: string,
  { stderr, complaint }: Built,
  calls: readonly FunctionCall[],
  cwd: string,
): Pick<ObservedBuild, 'problems' | 'reason'> {
  if (calls.some(({ result }) => hasErrors(result.problems))) return { problems: [] };
  const known = kustomizationFaults(overlay, cwd);
  if (known.length > 0) return { problems: known };
  const said = unwrapFunctionErrors(stderr);
  const problem = buildError(
    'build-failed',
    `kustomize cannot build ${overlay}`,
    complaint?.fix ?? 'see what it says above, or in `found`',
    { found: `${said}\n${complaint?.message ?? ''}`.trim().replaceAll(/\s*\n\s*/g, ' ') },
  );
  return {
    problems: [problem],
    reason: said + (complaint ? formatCommandError(complaint) : ''),
  };
}

/** kustomize says of each layer anew that it has a field which is deprecated. */
function eachLineOnce(text: string): string {
  return (
    [...new Set(text.split('\n'))].filter((line) => line.trim() !== '').join('\n') +
    (text.trim() ? '\n' : '')
  );
}
