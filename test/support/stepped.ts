/** The command line as a child process, in which something can happen before any step that changes the disk. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { execa } from 'execa';
import { packageRoot } from '../../src/build/paths.ts';
import { temporaryFolder } from './temporary.ts';

export interface Steps {
  words: readonly string[];
  /** The working directory, in which steps are counted. */
  folder: string;
  /** Before which step, counted from 1, a shell runs the command. A file's first half written is a step of its own. */
  at?: number;
  /** `$VICTIM` is the process that runs the command line. */
  command?: string;
  /** What the disk says to that step instead: `ENOSPC`. */
  fail?: string;
  /** What a shell does before it becomes that process: `umask 077`. */
  before?: string;
}

export interface Ended {
  signal: string | undefined;
  status: number | undefined;
  stdout: string;
  stderr: string;
  /** How many steps it took; NaN where it was killed. */
  steps: number;
}

/** What kills it. */
export const KILL = 'kill -9 $VICTIM';

let program: string | undefined;

/** Runs the command line once. */
export async function runStepped(steps: Steps, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  program ??= bundleChild();
  const { KUSTOMIZE: _, ...environment } = process.env;
  const script = `${steps.before ?? ':'}; exec "$0" "$@"`;
  const { exitCode, signal, stdio } = await execa(
    'sh',
    ['-c', script, process.execPath, program, JSON.stringify(steps)],
    {
      reject: false,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      extendEnv: false,
      env: { ...environment, ...env },
      cwd: steps.folder,
    },
  );
  const [, stdout, stderr, count] = stdio;
  return {
    signal,
    status: exitCode,
    stdout: String(stdout),
    stderr: String(stderr),
    steps: Number(count || Number.NaN),
  };
}

/** One file without dependencies starts ten times faster than the sources. */
function bundleChild(): string {
  const outfile = join(temporaryFolder(), 'child.cjs');
  // The package is found from where the sources are.
  const here = pathToFileURL(join(packageRoot, 'src/cli/main.ts')).href;
  buildSync({
    entryPoints: [fileURLToPath(new URL('stepped-child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    loader: { '.yaml': 'text' },
    define: { 'import.meta.url': JSON.stringify(here) },
    logLevel: 'silent',
  });
  return outfile;
}
