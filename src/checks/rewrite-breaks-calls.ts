import { basePathsOf } from '../surface/base-paths.ts';
import type { Entry, EntryPath } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { CALL, takes } from '../surface/path-match.ts';
import { pathOfCalls } from '../surface/rewrites.ts';
import { rewritten } from '../surface/rewritten-path.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { rewritingRoutes } from './shared/envoy-paths.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'An entry, or Envoy, rewrites the path of calls',
  why: "A call's path names its service and its method. What arrives under another path is a method that the API server does not have, or that Envoy leads to the page: UNIMPLEMENTED, or a page in place of an answer.",
  fix: 'take the rewrite away; where a prefix has to go, let the rewrite catch and keep what follows it',
  find: (surface) => [
    ...surface.entries.flatMap((entry) =>
      entry.paths.flatMap((path) => onPath(entry, path, surface)).slice(0, 1),
    ),
    ...rewritingRoutes(surface),
  ],
};

function onPath(entry: Entry, path: EntryPath, surface: Surface): Fault[] {
  const { role, isGuess } = path;
  if (isGuess || (role !== 'api' && role !== 'envoy')) return [];
  // gRPC clients know no prefix; what the page puts in front of its calls is judged at its URL.
  const bases = role === 'api' ? [''] : basePathsOf(surface);
  if (bases.length !== 1 || bases[0] !== '') return [];
  if (role === 'envoy' && pathOfCalls(surface) !== undefined) return [];
  if (takes(entry, path, CALL) !== true) return [];
  const { path: arrived, place } = rewritten(entry, path, CALL, surface.manifests);
  if (place === undefined || arrived === undefined) return [];
  // Envoy may know a path that is longer.
  const isWhole = role === 'api' ? arrived === CALL : arrived.endsWith(CALL);
  if (isWhole) return [];
  return [
    {
      resource: entry.resource,
      path: place,
      message: `a call of ${CALL} reaches ${path.backend.name} as ${arrived}`,
    },
  ];
}
