/** A child process that writes an output folder, and can be killed at any step that changes the disk. */

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { execa } from 'execa';
import type { Tree } from './rendered-tree.ts';
import { temporaryFolder } from './temporary.ts';

/** What the child does; none where it only looks. */
export interface Work {
  folder: string;
  environments: Tree;
  all?: boolean;
  /** The step before which it is killed, counted from 1. */
  killAt?: number;
  /** The step before which somebody else makes the file `added`, with its folders. */
  addAt?: number;
  added?: string;
  /** Milliseconds between looking at the folder and writing it, as if it built something. */
  pause?: number;
  umask?: number;
  /** As on a disk that gives no file two names. */
  noLinks?: boolean;
  /** The user that it runs as, where this is root. */
  uid?: number;
}

export interface Ended {
  signal: string | undefined;
  /** 0, or the status of what was thrown. */
  status: number | undefined;
  /** How many steps changed the disk. */
  steps: number;
  stderr: string;
}

let program: string | undefined;

/** Runs it once; the program is made at the first call. */
export async function renderInChild(work: Work): Promise<Ended> {
  program ??= bundleChild();
  const { exitCode, signal, stdout, stderr } = await execa(
    process.execPath,
    [program, JSON.stringify(work)],
    { reject: false, ...(work.uid === undefined ? {} : { uid: work.uid, gid: work.uid }) },
  );
  return { signal, status: exitCode, steps: Number(stdout), stderr };
}

/** One file without dependencies starts ten times faster than the sources. */
function bundleChild(): string {
  const folder = temporaryFolder();
  // Other users run it too.
  chmodSync(folder, 0o755);
  const outfile = join(folder, 'child.cjs');
  const entry = fileURLToPath(new URL('killed-render-child.ts', import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}
