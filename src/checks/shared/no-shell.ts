/**
 * Commands in images that have no shell and none of its tools.
 *
 * Source: GoogleContainerTools, distroless ("do not contain package managers, shells or any other programs", but for the `debug` tags);
 * Envoy, "Docker": `distroless-…` is built on them.
 */
import { posix } from 'node:path';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { getIn, stringAt, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const WITHOUT_SHELL =
  /(?:^|\/)envoyproxy\/envoy:(?:google-vrp-)?distroless\b|(?:^|\/)distroless\/[\w-]+(?=[:@]|$)(?!.*\bdebug)/;
const TOOLS = ['sh', 'bash', 'ash', 'sleep', 'curl', 'wget', 'cat', 'kill', 'nc', 'true', 'test'];

type Path = readonly string[];

/** Hooks and probes at one of some places that run what the image does not have. */
export function withoutShell(
  workload: Resource,
  places: readonly Path[],
  outcome: () => Pick<Fault, 'message' | 'fix'>,
): Fault[] {
  return placedContainers(workload).flatMap((container) =>
    places.flatMap((place): Fault[] => {
      const at = [...place, 'exec', 'command'];
      const tool = missingTool(container, at);
      if (tool === undefined) return [];
      const { message, fix } = outcome();
      const image = stringAt(container.json, ['image']);
      return [
        {
          resource: workload,
          path: toPath([...container.path, ...at]),
          message: `the ${place.at(-1)} runs ${tool}, which the image ${image} does not have: ${message}`,
          fix,
        },
      ];
    }),
  );
}

/** The program that a command names, where the image is known not to have it. */
export function missingTool({ json }: PlacedContainer, place: Path): string | undefined {
  const [first] = strings(getIn(json, place));
  const isBare = WITHOUT_SHELL.test(stringAt(json, ['image']));
  return isBare && first !== undefined && TOOLS.includes(posix.basename(first)) ? first : undefined;
}
