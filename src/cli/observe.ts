/** The one way in which every verb builds an overlay: kustomize runs, and the function runs in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblems } from '../errors.ts';
import type { BuiltOverlay } from '../report/overlay-report.ts';
import { hasErrors } from '../run.ts';
import { unwrapFunctionErrors } from './function-errors.ts';
import type { Io } from './io.ts';
import { buildOverlay, findKustomize, findPluginHome, type Kustomize } from './kustomize.ts';
import { progressOn } from './progress.ts';
import { startStandIn } from './stand-in.ts';
import { type Undo, withUndo } from './undo.ts';

/** What a build came to. */
export interface ObservedBuild extends Omit<BuiltOverlay, 'manifests'> {
  /** Finished manifests; undefined where the overlay cannot be built. */
  manifests: Buffer | undefined;
  /** Warnings of kustomize and of the function; where it cannot be built, why. */
  messages: string;
}

/** Flags of every verb that builds. */
export interface BuildOptions {
  kustomize?: string;
  pluginHome?: string;
}

/** Builds overlays, as many at a time as there are cores; the results come in the order of the overlays. */
export async function buildAll(
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<ObservedBuild[]> {
  if (overlays.length === 0) return [];
  const pluginHome = findPluginHome(options.pluginHome, io);
  const kustomize = await findKustomize(options.kustomize, io);
  const results: ObservedBuild[] = [];
  const open = [...overlays.entries()];
  const running = new Set<string>();
  const progress = progressOn(io.stderr);
  const show = () => {
    const done = overlays.length - open.length - running.size;
    progress.show(`${done} of ${overlays.length} built, building ${[...running].join(', ')}`);
  };
  const workers = Math.min(overlays.length, availableParallelism());
  try {
    await withUndo(io, async (undo) => {
      const work = async () => {
        for (let next = open.shift(); next !== undefined; next = open.shift()) {
          const [index, overlay] = next;
          running.add(overlay);
          show();
          results[index] = await observe(kustomize, overlay, pluginHome, undo, io);
          running.delete(overlay);
          show();
        }
      };
      await Promise.all(Array.from({ length: workers }, work));
    });
  } finally {
    progress.clear();
  }
  return results;
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
    const { stdout, stderr } = await buildOverlay(kustomize, overlay, home, io);
    const problems = calls.flatMap(({ result }) => result.problems);
    const said = formatProblems(problems);
    if (stdout) return { overlay, manifests: Buffer.from(stdout), calls, messages: stderr + said };
    // What the function said, without what kustomize makes of it.
    const messages = hasErrors(problems) ? said : unwrapFunctionErrors(stderr);
    return { overlay, manifests: undefined, calls, messages };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
