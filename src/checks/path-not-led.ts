import { groupedBy } from '../maps.ts';
import { hostOfUrl } from '../net/addresses.ts';
import { basePathsOf } from '../surface/base-paths.ts';
import type { Entry, EntryPath, ServiceRole } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { CALL, takes } from '../surface/path-match.ts';
import { redirectsAll } from '../surface/redirects.ts';
import { pathOfCalls } from '../surface/rewrites.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, list, strings } from '../yaml/json.ts';
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
  const method = role === 'ui' ? 'GET' : 'POST';
  return [...groupedBy(ways, ({ path }) => [path.host])].flatMap(([host, [first]]): Fault[] => {
    const url = urlFor(host);
    const here = waysAt.get(host) ?? [];
    if (url === undefined || !first) return [];
    // A page may be made for a folder: only what takes one path alone is certainly wrong.
    const isLeft = ({ entry, path }: Way) =>
      takes(entry, path, url, method) === false &&
      (role !== 'ui' || path.type === 'Exact' || typeof path.match?.['method'] === 'string');
    const rest = here.filter((way) => !isLeft(way));
    const place = { resource: first.entry.resource, path: first.path.place };
    const { path, type, backend, match } = first.path;
    if (rest.length === 0) {
      const asked = match?.['method'];
      const isOther = typeof asked === 'string' && asked !== method;
      return [
        {
          ...place,
          message: isOther
            ? `it takes requests with method ${asked} of ${host || 'every host'}, and ${what} are ${method}: they do not reach ${backend.name}`
            : `path ${path}${type === '' ? '' : ` (${type})`} of ${host || 'every host'} does not take ${what}, such as ${url}: they do not reach ${backend.name}`,
          ...(isOther ? { fix: `take \`method: ${asked}\` away` } : {}),
        },
      ];
    }
    return rest.every(({ entry, path: one }) => isNarrow(entry, one))
      ? narrowed(rest, place, host, what)
      : [];
  });
}

/** Headers that every client sends, which conditions may be about. */
const SENT = /^(?::\w+|host|content-type|user-agent|te|accept|grpc-.*|rpc-.*)$/i;

/** The headers and queries that a route asks for and that clients do not send by themselves. */
function askedFor({ match }: EntryPath): string[] {
  const names = (key: string) => list(match?.[key]).map(({ name }) => asText(name));
  return [
    ...names('headers')
      .filter((name) => !SENT.test(name))
      .map((name) => `header ${name}`),
    ...names('queryParams').map((name) => `query ${name}`),
  ];
}

/** Whether a route takes a part of the calls of its path alone. */
function isNarrow({ resource }: Entry, path: EntryPath): boolean {
  return askedFor(path).length > 0 || callsOf(resource.kind, path) !== undefined;
}

/** The one gRPC service that a match of a GRPCRoute names, or the one method of all of them. */
function callsOf(kind: string, { match }: EntryPath): string | undefined {
  const type = getIn(match, ['method', 'type']) ?? 'Exact';
  if (kind !== 'GRPCRoute' || type !== 'Exact') return undefined;
  const [service, method] = ['service', 'method'].map((key) => getIn(match, ['method', key]));
  if (typeof service === 'string') return service;
  return typeof method === 'string' ? `${method} of every service` : undefined;
}

/** Where so many of the API's services are listed, the rest may be left out on purpose. */
const MANY = 4;

function narrowed(
  ways: readonly Way[],
  place: Pick<Fault, 'resource' | 'path'>,
  host: string,
  what: string,
): Fault[] {
  const asked = [...new Set(ways.flatMap(({ path }) => askedFor(path)))];
  if (asked.length > 0)
    return [
      {
        ...place,
        severity: 'warning',
        message: `requests of ${host || 'every host'} are taken with ${asked.join(' or ')} alone: ${what} get 404 unless something in front adds it`,
        fix: 'add a rule without the condition behind it, or take the condition away',
      },
    ];
  const led = [
    ...new Set(ways.flatMap(({ entry, path }) => callsOf(entry.resource.kind, path) ?? [])),
  ];
  if (led.length > MANY) return [];
  const other = OTHERS.find((name) => !led.some((calls) => calls.endsWith(`.${name}`)));
  return [
    {
      ...place,
      severity: led.length > 1 ? 'warning' : undefined,
      message: `the routes lead ${led.join(', ')} alone: others, such as those of ${other}, are answered with UNIMPLEMENTED`,
      fix: 'take `method` away from the match: the host is that of the API',
    },
  ];
}

/** Services that every client of the API calls. Source: Michelangelo's `proto/api/v2`. */
const OTHERS = ['ProjectService', 'PipelineRunService', 'PipelineService'];

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
