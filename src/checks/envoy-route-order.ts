import { clusterNames, clustersOfRoute, type Located, objectsIn } from '../envoy/bootstrap.ts';
import { routesTaking } from '../envoy/route-match.ts';
import { basePathsOf } from '../surface/base-paths.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { callUrls } from '../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type JsonObject, objectAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Source: Envoy's `VirtualHost.routes`: the first route that matches counts. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's route to the API takes no calls",
  why: 'The first route that matches counts: behind one for `/` no other is reached, and calls are answered by the page. What no route matches is answered with 404.',
  fix: 'put the route for `/michelangelo.api.` in front of all that match more',
  find: (surface) =>
    surface.envoys.flatMap((target) => {
      const { clusters, managers } = envoyApi(target, surface);
      const names = clusterNames(clusters);
      const isApi = ({ value }: Located) => clustersOfRoute(value).some((name) => names.has(name));
      return managers.flatMap(({ hosts }) =>
        hosts.flatMap(({ host }) => onHost(target, host, isApi, surface) ?? []),
      );
    }),
};

function onHost(
  target: DocumentTarget,
  host: Located,
  isApi: (route: Located) => boolean,
  surface: Surface,
): Fault | undefined {
  const routes = objectsIn(host, ['routes']);
  // What picks routes in another way is not read.
  if (routes.length === 0 || isObject(host.value['matcher'])) return undefined;
  const urls = callUrls(surface);
  if (urls.some((url) => routesTaking(routes, url).some(isApi))) return undefined;
  const leading = routes.filter(isApi);
  // For gRPC clients alone: browsers may be served in another way.
  if (leading.some(({ value }) => getIn(value, ['match', 'grpc']) !== undefined)) return undefined;
  for (const url of urls) {
    const hidden = routesTaking(leading, url)[0];
    const taking = routesTaking(routes, url).at(-1);
    if (hidden && taking)
      return inDocument(target, [...taking.path, 'match'], {
        message: `the route for ${shown(taking)} stands in front of the API's, for ${shown(hidden)}, and takes its calls`,
        fix: `put the route for ${shown(hidden)} in front of it`,
      });
  }
  const [first] = leading;
  if (!first) return undefined;
  // Pages that are not here may put anything in front of their calls.
  const isKnown = basePathsOf(surface).length > 0;
  return inDocument(target, [...first.path, 'match'], {
    severity: isKnown ? undefined : 'warning',
    message: `no route to the API takes ${urls.at(-1)}: there is one for ${leading.map(shown).join(', ')}`,
    fix: 'write `prefix: /michelangelo.api.`',
  });
}

/** What a route matches, in few words. */
function shown({ value }: Located): string {
  const match: JsonObject = objectAt(value, ['match']);
  const way = ['prefix', 'path', 'path_separated_prefix'].find((key) => match[key] !== undefined);
  if (way) return `${way} ${String(match[way])}`;
  const [key, rule] = Object.entries(match)[0] ?? [];
  return key === undefined
    ? 'everything'
    : `${key} ${isObject(rule) ? JSON.stringify(rule) : String(rule)}`;
}
