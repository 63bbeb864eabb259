/** An overlay as `explain` and `report` look at it: built, with every call of the function, or the reason why not. */
import { formatProblems } from '../errors.ts';
import type { FunctionCall } from '../report/call.ts';
import { hasErrors } from '../run.ts';
import { buildObserved } from './function-calls.ts';
import { unwrapFunctionErrors } from './function-errors.ts';
import type { Io } from './io.ts';
import type { Kustomize } from './kustomize.ts';

export interface ObservedOverlay {
  /** The path as it was given. */
  overlay: string;
  /** Finished manifests. */
  manifests: Buffer;
  calls: FunctionCall[];
}

/** Undefined where it cannot be built: the messages are then on stderr. Warnings go there as well. */
export async function observe(
  overlay: string,
  kustomize: Kustomize,
  pluginHome: string,
  io: Io,
  beforeMessages: () => void = () => {},
): Promise<ObservedOverlay | undefined> {
  const build = await buildObserved(kustomize, overlay, pluginHome, io);
  const { calls, succeeded } = build;
  beforeMessages();
  const problems = calls.flatMap(({ result }) => result.problems);
  if (succeeded) {
    io.stderr.write(build.stderr + formatProblems(problems));
    return { overlay, manifests: Buffer.from(build.stdout), calls };
  }
  // What the function said, without what kustomize makes of it.
  io.stderr.write(
    hasErrors(problems) ? formatProblems(problems) : unwrapFunctionErrors(build.stderr),
  );
  return undefined;
}
