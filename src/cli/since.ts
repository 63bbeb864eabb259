/** `--since REF`: of many overlays, those that may come out otherwise than at a commit. */
import { basename, dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import { plural, printed } from '../errors.ts';
import { readTextIfRegular } from '../read-file.ts';
import { equalJson, getIn, isObject, type Json } from '../yaml/json.ts';
import { commitOf, git, repositoryOf } from './git.ts';
import { type Io, ioIn, UsageError } from './io.ts';
import { builtFrom, realPath } from './kustomize/built-from.ts';
import { PLUGIN_FOLDER, packageRoot } from './package-root.ts';

/** For verbs that take many overlays; `--help` does not list it, docs/fleets.md does. */
export function sinceOption(): Option {
  return new Option('--since <ref>', 'only overlays that may have changed since').hideHelp();
}

/** Files that say which kustomize there is, or which version of this program. */
const VERSIONS = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
  ...['.tool-versions', 'mise.toml', '.mise.toml'],
];

interface SinceOptions {
  since?: string;
  pluginHome?: string;
}

/**
 * All of them without the flag. With it those that are built from a file which changed, committed or not; says on stderr how many are left
 * out. What is fetched counts as unchanged.
 * @param isStale - others that have to be built anew in any case
 */
export async function touchedSince(
  overlays: readonly string[],
  { since, pluginHome }: SinceOptions,
  io: Io,
  isStale: (overlay: string) => boolean = () => false,
): Promise<string[]> {
  if (since === undefined) return [...overlays];
  const top = await repositoryOf(io);
  if (!top)
    throw new UsageError(
      `--since ${since}: ${io.cwd} is not in a work tree of git, or git does not trust it`,
      'leave --since out, or see what git status says',
    );
  const commit = await commitOf(since, `--since ${since} is not a commit of ${top}`, io);
  const changed = await changedFiles(commit, top, io);
  const everything = await changesEverything(commit, top, changed, pluginHome, io);
  const filesOf = builtFrom(io.cwd);
  const isTouched = (overlay: string): boolean => {
    const paths = everything ? undefined : filesOf(overlay);
    return paths === undefined || changed.touches(paths) || isStale(overlay);
  };
  const touched = overlays.filter(isTouched);
  const left = overlays.length - touched.length;
  if (left > 0)
    io.stderr.write(
      printed(
        `${left} of ${plural(overlays.length, 'overlay')} left out: not changed since ${since} (${commit.slice(0, 8)})`,
      ).concat('\n'),
    );
  return touched;
}

/** Files of a work tree, as absolute paths. */
class ChangedFiles {
  readonly #files: ReadonlySet<string>;
  readonly #above = new Set<string>();

  constructor(files: readonly string[]) {
    this.#files = new Set(files);
    for (const file of files)
      for (let path = dirname(file); !this.#above.has(path); path = dirname(path))
        this.#above.add(path);
  }

  /** Whether one of the paths is among them, is a folder with one, or lies in one, which a submodule is. */
  touches(paths: Iterable<string>): boolean {
    for (const path of paths) if (this.#above.has(path) || this.#isWithin(path)) return true;
    return false;
  }

  #isWithin(path: string): boolean {
    return this.#files.has(path) || (path !== dirname(path) && this.#isWithin(dirname(path)));
  }
}

async function changedFiles(commit: string, top: string, io: Io): Promise<ChangedFiles> {
  const inTop = ioIn(top, io);
  const tracked = ['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', commit, '--'];
  const others = ['ls-files', '--others', '--exclude-standard', '-z'];
  const lists = [await git(tracked, inTop), await git(others, inTop)];
  if (lists.includes(undefined))
    throw new UsageError(
      `--since: git cannot compare the work tree with ${commit}`,
      'see what git diff says',
    );
  const names = lists.flatMap((list) => (list ?? '').split('\0').filter(Boolean));
  return new ChangedFiles(names.map((name) => join(top, name)));
}

/** Whether the function or the versions of programs changed. */
async function changesEverything(
  commit: string,
  top: string,
  changed: ChangedFiles,
  pluginHome: string | undefined,
  io: Io,
): Promise<boolean> {
  const home = pluginHome === undefined ? join(packageRoot, 'plugin') : resolve(io.cwd, pluginHome);
  // Of our own home only the function: schema and reference change nothing.
  const own = pluginHome === undefined ? join(home, PLUGIN_FOLDER, 'DomainConfig') : home;
  if (changed.touches([own, realPath(own)])) return true;
  for (const folder of foldersUpTo(top, realPath(io.cwd)))
    for (const name of VERSIONS) {
      const file = join(folder, name);
      if (!changed.touches([file])) continue;
      if (!name.endsWith('.json') || (await hasOtherVersions(commit, file, io))) return true;
    }
  return false;
}

function foldersUpTo(top: string, folder: string): string[] {
  return folder === top || folder === dirname(folder)
    ? [folder]
    : [folder, ...foldersUpTo(top, dirname(folder))];
}

/** npm's lock has an entry for each package; others need no second look. */
async function hasOtherVersions(commit: string, file: string, io: Io): Promise<boolean> {
  const before = await git(['show', `${commit}:./${basename(file)}`], ioIn(dirname(file), io));
  const entries = [before, readTextIfRegular(file)].map(entriesOf);
  return !equalJson(entries[0], entries[1]);
}

/** Of this package and of programs with kustomize in their name. */
function entriesOf(text: string | undefined): Json {
  let lock: Json = null;
  try {
    lock = JSON.parse(text ?? '');
  } catch {
    return text ?? null;
  }
  const packages = getIn(lock, ['packages']);
  if (!isObject(packages)) return lock;
  return Object.fromEntries(
    Object.entries(packages).filter(([name]) => /kustomize|ma-overlays|kubectl/.test(name)),
  );
}
