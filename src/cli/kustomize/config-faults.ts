/**
 * What is wrong with how an overlay uses its DomainConfigs: found by what the build was given, what it called and what came out.
 *
 * The function alone cannot know that another DomainConfig ran before it: a mark of its own below `internal.config.kubernetes.io/` reaches
 * the next transformer, and stays in the output as well. Measured with kustomize 4.5.4 and 5.8.2, which drop their own such annotations alone.
 */
import { publicHostsOf } from '../../config/settings.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import type { FunctionCall } from '../../report/call.ts';
import { type BuildProblem, buildError } from './build-problem.ts';
import { type ConfigPlace, isDomainConfig } from './config-places.ts';

/**
 * Empty where there are none.
 * @param places - where the overlay's DomainConfigs stand
 * @param manifests - what came out; undefined where the overlay cannot be built
 */
export function configFaults(
  overlay: string,
  manifests: Buffer | undefined,
  calls: readonly FunctionCall[],
  places: readonly ConfigPlace[],
): BuildProblem[] {
  return [
    ...places.filter(({ field }) => !TRANSFORMING.includes(field)).map(misplaced),
    ...(manifests ? builtFaults(overlay, manifests, calls, places) : []),
  ];
}

/** The field that a DomainConfig belongs in. */
const TRANSFORMING: readonly string[] = ['transformers'];
const MOVE =
  'list it under `transformers:` of the outermost kustomization, the one that sets namePrefix and namespace';

function misplaced({ file, listedIn, field }: ConfigPlace): BuildProblem {
  return buildError(
    'config-misplaced',
    `${file}: a DomainConfig is listed under \`${field}:\` in ${listedIn}, where it changes nothing`,
    MOVE,
    { file },
  );
}

/** Of an overlay that was built, perhaps with other names or hosts than its DomainConfigs mean. */
function builtFaults(
  overlay: string,
  manifests: Buffer,
  calls: readonly FunctionCall[],
  places: readonly ConfigPlace[],
): BuildProblem[] {
  const transforming = places.filter(({ field }) => TRANSFORMING.includes(field));
  const isMisplaced = transforming.length < places.length;
  const faults: BuildProblem[] = [];
  if (!isMisplaced && hasDomainConfig(manifests))
    faults.push(
      buildError(
        'config-misplaced',
        `${overlay}: a DomainConfig came out among the manifests: it is a resource there, and changed nothing`,
        MOVE,
      ),
    );
  if (calls.length < transforming.length)
    faults.push(
      ...transforming
        .filter(({ isKrmFunction }) => isKrmFunction)
        .map(({ file }) => notCalled(file, overlay)),
    );
  faults.push(...transforming.flatMap(renamedAfterwards));
  if (calls.some((call, index) => calls.slice(index + 1).some((later) => overwrites(later, call))))
    faults.push(
      buildError(
        'config-twice',
        `${overlay}: a second DomainConfig ran on what the first one had written: aliases, issuers and TLS of the first stay`,
        'keep one DomainConfig for each stream of manifests, in the outermost kustomization',
      ),
    );
  return faults;
}

function notCalled(file: string, overlay: string): BuildProblem {
  return buildError(
    'function-not-called',
    `${file}: kustomize built ${overlay} without calling the function: its annotation config.kubernetes.io/function needs --enable-exec, and is skipped silently without`,
    'take the annotation away; or keep it and build with `kustomize build --enable-alpha-plugins --enable-exec` yourself',
    { file },
  );
}

function renamedAfterwards({ file, renamedBy }: ConfigPlace): BuildProblem[] {
  if (renamedBy === undefined) return [];
  return [
    buildError(
      'renamed-afterwards',
      `${file}: ${renamedBy} gives other names after this DomainConfig has run: what it wrote into configs, annotations and custom resources keeps the old ones`,
      `move the DomainConfig to ${renamedBy}, or the names to the kustomization that lists it`,
      { file },
    ),
  ];
}

function hasDomainConfig(manifests: Buffer): boolean {
  return splitDocuments(manifests)
    .filter((chunk) => chunk.kindHint === 'DomainConfig')
    .some((chunk) => isDomainConfig(chunk.json));
}

/** Whether a call changed what has the hosts of an earlier one. Environments side by side have streams of their own. */
function overwrites(later: FunctionCall, earlier: FunctionCall): boolean {
  const { edits, added, removed } = later.result;
  const settings = earlier.loaded.settings;
  if (!settings || edits.length + added.length + removed.length === 0) return false;
  const hosts = publicHostsOf(settings).map(({ host }) => host);
  return [...later.before.values()].some((text) => hosts.some((host) => text.includes(host)));
}
