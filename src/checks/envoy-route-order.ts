import { clusterNames, clustersOfRoute, type Located, objectsIn } from '../envoy/bootstrap.ts';
import { unmetHeaders } from '../envoy/route-headers.ts';
import { asksForQuery, routesTaking, shareOf, takesCall } from '../envoy/route-match.ts';
import { basePathsOf } from '../surface/base-paths.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { callHeaders, callUrls } from '../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list, objectAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { unledCalls, weighedAway, withoutEndpoints } from './shared/envoy-paths.ts';

/** Source: Envoy's `VirtualHost.routes`: the first route that matches counts. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's route to the API takes no calls",
  why: 'The first route that matches counts: behind one for `/` no other is reached, and calls are answered by the page. What no route matches is answered with 404.',
  fix: 'put the route for `/michelangelo.api.` in front of all that match more',
  find: (surface) => [
    ...unledCalls(surface),
    ...weighedAway(surface),
    ...withoutEndpoints(surface),
    ...surface.envoys.flatMap((target) => {
      const { clusters, managers } = envoyApi(target, surface);
      const names = clusterNames(clusters);
      const isApi = ({ value }: Located) => clustersOfRoute(value).some((name) => names.has(name));
      return managers.flatMap(({ hosts }) =>
        hosts.flatMap(({ host }) => onHost(target, host, isApi, surface) ?? []),
      );
    }),
  ],
};

/** What a virtual host does with calls of the API. */
interface Calls {
  target: DocumentTarget;
  routes: readonly Located[];
  /** The routes that lead to the API. */
  leading: readonly Located[];
  urls: readonly string[];
  headers: ReturnType<typeof callHeaders>;
  /** Whether a page here makes the calls; others may put anything in front of theirs. */
  isKnown: boolean;
}

function onHost(
  target: DocumentTarget,
  host: Located,
  isApi: (route: Located) => boolean,
  surface: Surface,
): Fault | undefined {
  const routes = objectsIn(host, ['routes']);
  // What picks routes in another way is not read.
  if (routes.length === 0 || isObject(host.value['matcher'])) return undefined;
  const calls: Calls = {
    target,
    routes,
    leading: routes.filter(isApi),
    urls: callUrls(surface),
    headers: callHeaders(surface),
    isKnown: basePathsOf(surface).length > 0,
  };
  const taking = calls.urls.map((url) => routesTaking(routes, url, calls.headers).filter(isApi));
  const [first] = taking.flat();
  return first ? ofSomeCalls(first, taking, calls) : ofNoCalls(calls);
}

/**
 * Routes that take calls under a condition alone.
 * @param taking - for each URL the routes that lead it to the API
 */
function ofSomeCalls(
  first: Located,
  taking: readonly (readonly Located[])[],
  { target, urls, headers }: Calls,
): Fault | undefined {
  // What no other route of the API takes is up to a header that pages are not known to send.
  const isSure = urls.some((url, index) =>
    taking[index]?.some((route) => takesCall(route, url, headers) !== undefined),
  );
  if (isSure) return undefined;
  const share = shareOf(objectAt(first.value, ['match']));
  if (share < 1) return partly(target, first, share);
  const unmet = unmetHeaders(matchersOf(first), headers);
  if (unmet.length === 0) return undefined;
  return inDocument(target, [...first.path, 'match', 'headers'], {
    severity: 'warning',
    message: `only calls with ${unmet.map(shownHeader).join(' and ')} are led to the API, which pages and clients of Michelangelo do not send by themselves`,
    fix: 'take the condition away, or add a route without it behind this one',
  });
}

function ofNoCalls(calls: Calls): Fault | undefined {
  const { target, leading, urls, headers, isKnown } = calls;
  const byHeaders = leading.find((route) =>
    urls.some((url) => takesCall(withoutHeaders(route), url, headers) !== false),
  );
  if (byHeaders && matchersOf(byHeaders).length > 0) {
    const unmet = unmetHeaders(matchersOf(byHeaders), headers);
    const of = headers['content-type']?.[0] ?? '';
    return inDocument(target, [...byHeaders.path, 'match', 'headers'], {
      severity: isKnown ? undefined : 'warning',
      message: `the route for ${shown(byHeaders)} asks for ${unmet.map(shownHeader).join(' and ')}, and calls of the page are POST with a content-type such as ${of}: it takes none of them`,
      fix: 'take the condition away',
    });
  }
  const byQuery = leading.find(({ value }) => asksForQuery(objectAt(value, ['match'])));
  if (byQuery)
    return inDocument(target, [...byQuery.path, 'match', 'query_parameters'], {
      severity: isKnown ? undefined : 'warning',
      message: `the route for ${shown(byQuery)} asks for a query, and calls have none: it takes none of them`,
      fix: 'take `query_parameters` away',
    });
  const none = leading.find(({ value }) => shareOf(objectAt(value, ['match'])) === 0);
  if (none) return partly(target, none, 0);
  const native = leading.find(({ value }) => getIn(value, ['match', 'grpc']) !== undefined);
  // Browsers may be served in another way, unless their page is here and calls this Envoy.
  if (native) return isKnown ? forGrpcAlone(target, native) : undefined;
  const [first] = leading;
  return first && (hidden(calls) ?? notMatched(first, calls));
}

/** The route in front of the API's that takes its calls. */
function hidden({ target, routes, leading, urls, headers }: Calls): Fault | undefined {
  for (const url of urls) {
    const [behind] = routesTaking(leading, url, headers);
    const first = routesTaking(routes, url, headers).at(-1);
    if (behind && first)
      return inDocument(target, [...first.path, 'match'], {
        message: `the route for ${shown(first)} stands in front of the API's, for ${shown(behind)}, and takes its calls`,
        fix: `put the route for ${shown(behind)} in front of it`,
      });
  }
  return undefined;
}

function notMatched(first: Located, { target, leading, urls, isKnown }: Calls): Fault {
  return inDocument(target, [...first.path, 'match'], {
    severity: isKnown ? undefined : 'warning',
    message: `no route to the API takes ${urls.at(-1)}: there is one for ${leading.map(shown).join(', ')}`,
    fix: 'write `prefix: /michelangelo.api.`',
  });
}

/** What a route leaves of the calls that it matches goes on to the next, and no other leads to the API. */
function partly(target: DocumentTarget, route: Located, share: number): Fault {
  const key = getIn(route.value, ['match', 'runtime_fraction', 'runtime_key']);
  return inDocument(target, [...route.path, 'match', 'runtime_fraction'], {
    severity: key === undefined ? undefined : 'warning',
    message: `the route for ${shown(route)} takes ${share === 0 ? 'none' : `${Number((share * 100).toFixed(4))} %`} of the calls, and no other leads the rest to the API${key === undefined ? '' : `, unless the runtime sets ${asText(key)} otherwise`}`,
    fix: 'take `runtime_fraction` away, or let a route behind it lead to the API as well',
  });
}

function forGrpcAlone(target: DocumentTarget, route: Located): Fault {
  return inDocument(target, [...route.path, 'match', 'grpc'], {
    severity: 'warning',
    message: `\`grpc\` takes native gRPC alone, and pages speak gRPC-Web, Connect or JSON: no route of this virtual host leads calls of the page to the API`,
    fix: 'take `grpc` away, and match by `prefix: /michelangelo.api.`',
  });
}

function matchersOf({ value }: Located): JsonObject[] {
  return list(getIn(value, ['match', 'headers']));
}

function withoutHeaders({ path, value }: Located): Located {
  const { headers: _, ...match } = objectAt(value, ['match']);
  return { path, value: { ...value, match } };
}

/** `:method (exact GET)`. */
function shownHeader(matcher: JsonObject): string {
  const { name, string_match: text, ...rest } = matcher;
  const [key, value] = Object.entries(isObject(text) ? text : rest)[0] ?? [];
  const wanted = isObject(value) ? asText(value['regex']) : asText(value);
  return key === undefined ? `header ${asText(name)}` : `header ${asText(name)} (${key} ${wanted})`;
}

/** What a route matches, in few words. */
function shown({ value }: Located): string {
  const match: JsonObject = objectAt(value, ['match']);
  const way = ['prefix', 'path', 'path_separated_prefix'].find((key) => match[key] !== undefined);
  if (way) return `${way} ${asText(match[way])}`;
  const [key, rule] = Object.entries(match)[0] ?? [];
  return key === undefined
    ? 'everything'
    : `${key} ${isObject(rule) ? JSON.stringify(rule) : asText(rule)}`;
}
