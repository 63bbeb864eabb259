/**
 * What Envoy's routes make of the path of a call.
 *
 * Source: Envoy's `RouteAction.prefix_rewrite` (in place of the prefix, or of the whole path that matched) and `path_rewrite_policy`; the first
 * route that matches counts.
 */
import {
  clusterNames,
  clustersOfRoute,
  connectionManagers,
  type Located,
  objectsAt,
  objectsIn,
  routesOf,
  virtualHosts,
  weightedClusters,
} from '../../envoy/bootstrap.ts';
import { isEnum, numberOf } from '../../envoy/proto-json.ts';
import { routesTaking, takesCall } from '../../envoy/route-match.ts';
import { basePathsOf } from '../../surface/base-paths.ts';
import { envoyApi } from '../../surface/envoy-api.ts';
import { callHeaders, callUrls } from '../../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { CALL } from '../../surface/path-match.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, objectAt, stringAt } from '../../yaml/json.ts';

/** Routes to the API that give calls another path. */
export function rewritingRoutes(surface: Surface): Fault[] {
  return surface.envoys.flatMap((target) =>
    envoyApi(target, surface).managers.flatMap(({ hosts }) =>
      hosts.flatMap(({ routes }) => routes.flatMap((route) => onRoute(target, route, surface))),
    ),
  );
}

function onRoute(target: DocumentTarget, route: Located, surface: Surface): Fault[] {
  const expression = getIn(route.value, ['route', 'regex_rewrite', 'pattern', 'regex']);
  if (typeof expression === 'string') return onExpression(target, route, expression, surface);
  const written = getIn(route.value, ['route', 'prefix_rewrite']);
  const prefix = getIn(route.value, ['match', 'prefix']);
  const exact = getIn(route.value, ['match', 'path']);
  if (typeof written !== 'string' || written === '') return [];
  const taken = callUrls(surface).filter((url) => takesCall(route, url, callHeaders(surface)));
  if (taken.length === 0 || basePathsOf(surface).length === 0) return [];
  const arriving = taken.map((url) =>
    typeof prefix === 'string'
      ? written + url.slice(prefix.length)
      : typeof exact === 'string'
        ? written
        : undefined,
  );
  if (arriving.some((path) => path === undefined || path === CALL)) return [];
  return [
    inDocument(target, [...route.path, 'route', 'prefix_rewrite'], {
      message: `a call of ${taken.at(-1)} reaches the API server as ${arriving.at(-1)}`,
      fix: 'take `prefix_rewrite` away, or let it keep `/michelangelo.api.`',
    }),
  ];
}

/** Source: Envoy's `RegexMatchAndSubstitute`: every match in the path is replaced; `\\1` is what a group caught. */
function onExpression(
  target: DocumentTarget,
  route: Located,
  expression: string,
  surface: Surface,
): Fault[] {
  const by = stringAt(route.value, ['route', 'regex_rewrite', 'substitution']);
  const taken = callUrls(surface).filter((url) => takesCall(route, url, callHeaders(surface)));
  const arriving = taken.map((url) => replaced(url, expression, by));
  if (taken.length === 0 || basePathsOf(surface).length === 0) return [];
  if (arriving.some((path) => path === undefined || path === CALL)) return [];
  return [
    inDocument(target, [...route.path, 'route', 'regex_rewrite'], {
      message: `a call of ${taken.at(-1)} reaches the API server as ${arriving.at(-1)}`,
      fix: 'take `regex_rewrite` away, or let it keep `/michelangelo.api.`',
    }),
  ];
}

function replaced(url: string, expression: string, by: string): string | undefined {
  try {
    return url.replace(
      new RegExp(expression, 'g'),
      by
        .replace(/\$/g, '$$$$')
        .replace(/\\(\d)/g, (_, digit: string) => (digit === '0' ? '$&' : `$${digit}`)),
    );
  } catch {
    return undefined;
  }
}

/** Routes to the API that lead calls to the page by weight, or give the API none. */
export function weighedAway(surface: Surface): Fault[] {
  const pages = surface.upstreams.filter(
    ({ service }) => service && surface.uiServices.includes(service),
  );
  return surface.envoys.flatMap((target) => {
    const { clusters, managers } = envoyApi(target, surface);
    const names = clusterNames(clusters);
    const routes = managers.flatMap(({ hosts }) => hosts.flatMap((host) => host.routes));
    return routes.flatMap((route) => {
      const all = weightedClusters(route).map(({ value }) => ({
        name: asText(value['name']),
        weight: numberOf(value['weight']) ?? 0,
      }));
      const total = all.reduce((sum, { weight }) => sum + weight, 0);
      const ofApi = all.filter(({ name }) => names.has(name)).some(({ weight }) => weight > 0);
      const page = all.find(
        ({ name, weight }) =>
          weight > 0 && pages.some((one) => one.target === target && one.cluster === name),
      );
      if (total === 0 || (ofApi && !page)) return [];
      return [
        inDocument(target, [...route.path, 'route', 'weighted_clusters'], {
          message: ofApi
            ? `the route leads ${Number(((100 * (page?.weight ?? 0)) / total).toFixed(2))} % of the calls to ${page?.name}, which is the page`
            : `the API's cluster ${[...names].join(', ')} has no weight: no call is led to it`,
          fix: 'let all weights be of clusters of the API',
        }),
      ];
    });
  });
}

/** Where no route leads to the API, the one that answers its calls by itself. */
export function unledCalls(surface: Surface): Fault[] {
  if (basePathsOf(surface).length === 0) return [];
  return surface.envoys.flatMap((target) => {
    const { clusters, managers } = envoyApi(target, surface);
    const names = clusterNames(clusters);
    if (clusters.length === 0 || managers.length > 0) return [];
    const json = jsonOf(target);
    const hosts = connectionManagers(json).flatMap((manager) => virtualHosts(json, manager));
    return hosts.flatMap((host) => {
      const routes = objectsIn(host, ['routes']);
      if (isObject(host.value['matcher'])) return [];
      const own = routesTaking(routes, CALL, callHeaders(surface))[0];
      // Beside a page alone, a route for everything says nothing of the API.
      const isApis = JSON.stringify(own?.value['match'] ?? '').includes('michelangelo');
      const isAnswered = getIn(own?.value, ['direct_response']) !== undefined;
      if (
        !own ||
        !(isApis || isAnswered) ||
        clustersOfRoute(own.value).some((name) => names.has(name))
      )
        return [];
      const [cluster = ''] = names;
      const fix = `let the route lead to cluster ${cluster}`;
      return [inDocument(target, own.path, { message: answered(own, cluster), fix })];
    });
  });
}

function answered({ value }: Located, cluster: string): string {
  const status = getIn(value, ['direct_response', 'status']);
  const what =
    status !== undefined
      ? `answers calls by itself, with ${asText(status)}`
      : Object.keys(objectAt(value, ['redirect'])).length > 0
        ? 'redirects calls, and a POST is not repeated there'
        : `leads calls to cluster ${clustersOfRoute(value).join(', ')}`;
  const match = Object.values(objectAt(value, ['match']))[0];
  const shown = isObject(match) ? asText(match['regex']) : asText(match);
  return `the route for ${shown} ${what}, and none leads to the API's cluster ${cluster}`;
}

/** Clusters that routes lead to, and that have nowhere to send requests. */
export function withoutEndpoints(surface: Surface): Fault[] {
  return surface.envoys.flatMap((target) => {
    const json = jsonOf(target);
    const named = new Set(routesOf(json).flatMap(({ value }) => clustersOfRoute(value)));
    return objectsAt(json, ['static_resources', 'clusters']).flatMap((cluster): Fault[] => {
      const { path, value } = cluster;
      const name = asText(value['name']);
      const localities = objectsIn(cluster, ['load_assignment', 'endpoints']);
      const isEmpty = localities.every((one) => objectsIn(one, ['lb_endpoints']).length === 0);
      // Endpoints of other types come from somewhere else.
      const isWritten = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS'].some((type, number) =>
        isEnum(value['type'] ?? 'STATIC', type, number),
      );
      if (!isEmpty || !isWritten || isObject(value['cluster_type']) || !named.has(name)) return [];
      return [
        inDocument(target, path, {
          message: `a route leads to cluster ${name}, which has no endpoint: each request is answered with 503`,
          fix: 'write the address of the Service under `load_assignment`',
        }),
      ];
    });
  });
}
