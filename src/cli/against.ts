/** `--against REF|FOLDER`: the same overlays in another state, built as they are built here. */
import { printed } from '../errors.ts';
import type { OtherState } from '../report/overlay-report.ts';
import { type Io, UsageError } from './io.ts';
import type { BuildOptions } from './kustomize/build-options.ts';
import { inTemporaryFolder, temporaryParent } from './kustomize/temporary-folder.ts';
import { messagesOf } from './observe.ts';
import { readRendered } from './render/read-rendered.ts';
import { buildIn, isOneOverlay, openState, overlayIn, renderedIn, type State } from './state.ts';

/**
 * Each overlay in the other state, in the order of the overlays.
 * @param against - a folder: another checkout, one overlay, or what `render --out` made; else whatever git knows as a commit
 */
export function buildAgainst(
  against: string,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<OtherState[]> {
  return inTemporaryFolder(temporaryParent(io), io, async (temporary) => {
    const state = await openState(against, temporary, io);
    return state.rendered.length > 0
      ? readThere(state, overlays, io)
      : buildThere(state, overlays, options, io);
  });
}

function readThere(state: State, overlays: readonly string[], io: Io): OtherState[] {
  const { name } = state;
  return overlays.map((overlay) => {
    const place = renderedIn(state, overlay, overlays.length === 1, io);
    const manifests = place === undefined ? undefined : readRendered(place);
    if (place === undefined) sayMissing(name, overlay, io);
    return { name, manifests, calls: [], isRendered: true };
  });
}

async function buildThere(
  state: State,
  overlays: readonly string[],
  options: BuildOptions,
  io: Io,
): Promise<OtherState[]> {
  const { name } = state;
  const isOne = overlays.length === 1 && isOneOverlay(state);
  const paths = overlays.map((overlay) => (isOne ? '.' : overlayIn(state, overlay, io)));
  const there = paths.flatMap((path) => path ?? []);
  if (there.length === 0 && !state.isWorkingDirectory)
    throw new UsageError(
      `${name} has no overlay ${overlays.join(', ')}`,
      'name a state that has it',
    );
  const builds = there.length > 0 ? await buildIn(state, there, options, io) : [];
  return overlays.map((overlay, index) => {
    const path = paths[index];
    const build = path === undefined ? undefined : builds[there.indexOf(path)];
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
