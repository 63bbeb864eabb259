/** `--against REF|FOLDER`: the same overlays in another state, built as they are built here. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { printed } from '../errors.ts';
import type { OtherState } from '../report/overlay-report.ts';
import { CommandError, type Io, UsageError } from './io.ts';
import type { BuildOptions } from './kustomize/build-options.ts';
import { environmentOf } from './kustomize/find.ts';
import { runProgram } from './kustomize/program.ts';
import { inTemporaryFolder, temporaryParent } from './kustomize/temporary-folder.ts';
import { buildAll, messagesOf } from './observe.ts';
import { isOverlay } from './overlays.ts';
import { readRendered, renderedFolders } from './render/read-rendered.ts';

/** A commit is unpacked in so many seconds, or not at all. */
const GIT_SECONDS = 120;

/**
 * Each overlay in the other state, in the order of the overlays.
 * @param against - a folder: another checkout, one overlay, or what `render --out` made; else whatever git knows as a commit
 */
export async function buildAgainst(
  against: string,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<OtherState[]> {
  const folder = resolve(io.cwd, against);
  if (existsSync(folder) && statSync(folder).isDirectory())
    return inFolder(against, folder, overlays, options, io);
  return inTemporaryFolder(temporaryParent(io), io, async (temporary) => {
    const { name, tree } = await unpack(against, temporary, io);
    const top = await topOf(io);
    return buildThere(
      name,
      tree,
      overlays.map((one) => pathBelow(top, one, io.cwd)),
      options,
      io,
    );
  });
}

function inFolder(
  name: string,
  folder: string,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<OtherState[]> | OtherState[] {
  const rendered = renderedFolders(folder, io.cwd);
  if (rendered.length > 0)
    return overlays.map((overlay) => {
      const own = basename(resolve(io.cwd, overlay));
      const place =
        rendered.length === 1 && overlays.length === 1
          ? rendered[0]
          : rendered.find((one) => basename(one) === own);
      const manifests = place === undefined ? undefined : readRendered(place);
      if (place === undefined) sayMissing(name, overlay, io);
      return { name, manifests, calls: [], isRendered: true };
    });
  if (isOverlay(folder) && overlays.length === 1)
    return buildThere(name, folder, ['.'], options, io);
  return buildThere(
    name,
    folder,
    overlays.map((one) => pathBelow(io.cwd, one, io.cwd)),
    options,
    io,
  );
}

/** Builds with the folder as working directory. */
async function buildThere(
  name: string,
  folder: string,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<OtherState[]> {
  const there = overlays.filter((overlay) => isOverlay(resolve(folder, overlay)));
  if (there.length === 0)
    throw new UsageError(
      `${name} has no overlay ${overlays.join(', ')}`,
      'name a state that has it',
    );
  const builds = await buildAll(there, fromHere(options, io.cwd), elsewhere(io, folder));
  return overlays.map((overlay) => {
    const build = builds[there.indexOf(overlay)];
    if (!build) sayMissing(name, overlay, io);
    else if (!build.manifests)
      io.stderr.write(
        `note: ${printed(overlay)} cannot be built in ${printed(name)}, so that all of it counts as new:\n${messagesOf(build)}`,
      );
    const manifests = build?.manifests;
    return { name, manifests, calls: manifests ? (build?.calls ?? []) : [], isRendered: false };
  });
}

function sayMissing(name: string, overlay: string, { stderr }: Io): void {
  stderr.write(`note: ${printed(name)} has no ${printed(overlay)}: all of it counts as new\n`);
}

/** The same streams and environment; what is getter of one process is not asked for. */
function elsewhere(io: Io, cwd: string): Io {
  const { KUSTOMIZE } = io.env;
  const env = { ...io.env, ...(KUSTOMIZE ? { KUSTOMIZE: programFrom(KUSTOMIZE, io.cwd) } : {}) };
  return Object.create(io, { cwd: { value: cwd }, env: { value: env } }) as Io;
}

/** Paths of flags count from the folder where they were typed. */
function fromHere(options: BuildOptions, cwd: string): BuildOptions {
  const { kustomize, pluginHome } = options;
  return {
    ...options,
    ...(kustomize === undefined ? {} : { kustomize: programFrom(kustomize, cwd) }),
    ...(pluginHome === undefined ? {} : { pluginHome: resolve(cwd, pluginHome) }),
  };
}

function programFrom(command: string, cwd: string): string {
  return command.includes('/') ? resolve(cwd, command) : command;
}

function pathBelow(top: string, overlay: string, cwd: string): string {
  const path = relative(top, resolve(cwd, overlay)) || '.';
  if (!path.startsWith('..') && !isAbsolute(path)) return path;
  throw new UsageError(
    `${overlay} is not below ${top}: where it is in the other state is not known`,
    'name an overlay of this folder',
  );
}

/** The files of a commit in a folder of ours: the repository's own folder, its index and its hooks have no part in it. */
async function unpack(
  reference: string,
  temporary: string,
  io: Io,
): Promise<{ name: string; tree: string }> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`];
  const top = await topOf(io, reference);
  const commit = (await git(words, io))?.trim();
  if (!commit)
    throw new UsageError(
      `${reference} is neither a folder nor a commit of ${top}`,
      'name a branch, a tag or a commit that is there: git fetch brings those of others, and a shallow clone has one commit',
    );
  const tree = join(temporary, 'tree');
  mkdirSync(tree);
  const inTop = Object.create(io, { cwd: { value: top } }) as Io;
  const index = { GIT_INDEX_FILE: join(temporary, 'index') };
  const isRead = (await git(['read-tree', commit], inTop, index)) !== undefined;
  const checkout = ['checkout-index', '--all', '--quiet', `--prefix=${tree}/`];
  if (!isRead || (await git(checkout, inTop, index)) === undefined)
    throw new CommandError(1, `git cannot unpack ${reference} in ${GIT_SECONDS} s`);
  return { name: `${reference} (${commit.slice(0, 8)})`, tree };
}

/** The folder that a repository begins in. */
async function topOf(io: Io, reference = ''): Promise<string> {
  const top = (await git(['rev-parse', '--show-toplevel'], io))?.replace(/\n$/, '');
  if (top) return top;
  throw new UsageError(
    `${reference} is not a folder, and there is no git repository here that could have such a commit`,
    'name a folder with the other state',
  );
}

/** What git prints; undefined where it fails, or is not there. */
async function git(
  words: readonly string[],
  io: Io,
  more: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  const env = { ...environmentOf(io), GIT_TERMINAL_PROMPT: '0', ...more };
  const program = { command: 'git', words, env, seconds: GIT_SECONDS };
  const { stdout } = await runProgram(program, io);
  return stdout?.toString('utf8');
}
