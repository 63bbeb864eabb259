/** The one way in which every verb builds an overlay: kustomize runs, and the function runs in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblems } from '../errors.ts';
import type { FunctionCall } from '../report/call.ts';
import { hasErrors } from '../run.ts';
import { unwrapFunctionErrors } from './function-errors.ts';
import type { Io } from './io.ts';
import { buildOverlay, findKustomize, findPluginHome, type Kustomize } from './kustomize.ts';
import { startStandIn } from './stand-in.ts';
import { type Undo, withUndo } from './undo.ts';

/** What a build came to. */
export interface ObservedBuild {
  /** The path as it was given. */
  overlay: string;
  /** Finished manifests; undefined where the overlay cannot be built. */
  manifests: Buffer | undefined;
  /** Every call of the function, in order: one for each DomainConfig. */
  calls: FunctionCall[];
  /** Warnings of kustomize and of the function; where it cannot be built, why. */
  messages: string;
}

/** Flags of every verb that builds. */
export interface BuildOptions {
  kustomize?: string;
  pluginHome?: string;
}

/** Finds what builds, and lets `work` build with it; nothing is left behind, whatever happens. */
export async function withBuilds<T>(
  options: BuildOptions,
  io: Io,
  work: (build: (overlay: string) => Promise<ObservedBuild>) => Promise<T>,
): Promise<T> {
  const pluginHome = findPluginHome(options.pluginHome, io);
  const kustomize = await findKustomize(options.kustomize, io);
  return withUndo(io, (undo) =>
    work((overlay) => observe(kustomize, overlay, pluginHome, undo, io)),
  );
}

/** Builds one overlay; `undo` takes its temporary folder away where a signal ends the program. */
export async function observe(
  kustomize: Kustomize,
  overlay: string,
  pluginHome: string,
  undo: Undo,
  io: Io,
): Promise<ObservedBuild> {
  const folder = mkdtempSync(join(tmpdir(), 'ma-observed-'));
  undo.remove(folder);
  const { home, calls, server } = await startStandIn(folder, pluginHome);
  try {
    const { succeeded, stdout, stderr } = await buildOverlay(kustomize, overlay, home, io);
    const problems = calls.flatMap(({ result }) => result.problems);
    const said = formatProblems(problems);
    if (succeeded)
      return { overlay, manifests: Buffer.from(stdout), calls, messages: stderr + said };
    // What the function said, without what kustomize makes of it.
    const messages = hasErrors(problems) ? said : unwrapFunctionErrors(stderr);
    return { overlay, manifests: undefined, calls, messages };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
