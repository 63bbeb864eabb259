import { hostOfUrl } from '../net/addresses.ts';
import { basePathsOf } from '../surface/base-paths.ts';
import type { Entry, EntryPath, ServiceRole } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { groupedBy } from '../surface/once.ts';
import { jsonOf } from '../surface/parts.ts';
import { CALL, takes } from '../surface/path-match.ts';
import { redirectsAll } from '../surface/redirects.ts';
import { pathOfCalls } from '../surface/rewrites.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'The paths of an entry leave requests out',
  why: 'A call has the path `/<service>/<method>`, as in `/michelangelo.api.v2.ProjectService/ListProject`. `Exact` takes its own path alone, and `Prefix` goes element by element: `/michelangelo.api.` is not a beginning of `/michelangelo.api.v2.ProjectService`. What no path takes is answered with 404.',
  fix: 'lead `/` with `pathType: Prefix`; where only calls are meant, use a path that the controller reads as a beginning or as an expression',
  find: (surface) => [
    ...notTaken(surface, 'api', () => CALL, 'calls of gRPC clients'),
    ...notTaken(surface, 'envoy', (host) => urlAt(host, surface), 'calls of the page'),
    ...notTaken(surface, 'ui', () => ASSET, 'what the page loads'),
  ],
};

/** Something that the page loads. */
const ASSET = '/assets/index.js';

interface Way {
  entry: Entry;
  path: EntryPath;
}

/** One for each host of a role at which no path takes a request. */
function notTaken(
  surface: Surface,
  role: ServiceRole,
  urlFor: (host: string) => string | undefined,
  what: string,
): Fault[] {
  const ways = waysOf(surface, (each) => each === role);
  // Envoy may serve the page as well.
  const all = role === 'ui' ? waysOf(surface, (each) => each === 'ui' || each === 'envoy') : ways;
  const waysAt = groupedBy(all, ({ path }) => [path.host]);
  return [...groupedBy(ways, ({ path }) => [path.host])].flatMap(([host, [first]]): Fault[] => {
    const url = urlFor(host);
    const here = waysAt.get(host) ?? [];
    if (url === undefined || !first) return [];
    // A page may be made for a folder: only what takes one path alone is certainly wrong.
    const isLeft = ({ entry, path }: Way) =>
      takes(entry, path, url) === false && (role !== 'ui' || path.type === 'Exact');
    if (!here.every(isLeft)) return [];
    const { path, type, place, backend } = first.path;
    return [
      {
        resource: first.entry.resource,
        path: place,
        message: `path ${path}${type === '' ? '' : ` (${type})`} of ${host || 'every host'} does not take ${what}, such as ${url}: they do not reach ${backend.name}`,
      },
    ];
  });
}

function waysOf(surface: Surface, isMeant: (role: ServiceRole) => boolean): Way[] {
  return surface.entries
    .filter((entry) => !redirectsAll(entry, surface.manifests))
    .flatMap((entry) => entry.paths.map((path) => ({ entry, path })))
    .filter(({ path }) => path.role !== undefined && isMeant(path.role));
}

/** What a page calls at a host; undefined where none does. One that puts a path in front has its finding at its URL. */
function urlAt(host: string, surface: Surface): string | undefined {
  const bases = basePathsOf(surface);
  if (bases.length !== 1 || bases[0] !== '' || pathOfCalls(surface) !== undefined) return undefined;
  const written = strings(surface.uis.map((ui) => getIn(jsonOf(ui), ['apiBaseUrl']) ?? null));
  const isCalled = written.some(
    (text) => [undefined, host].includes(hostOfUrl(text)) || host === '',
  );
  return isCalled ? CALL : undefined;
}
