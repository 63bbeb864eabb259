import { STREAM_SECONDS } from '../controllers/shared/durations.ts';
import type { ApiHost } from '../envoy/api.ts';
import { type Located, objectsIn } from '../envoy/bootstrap.ts';
import { limitIn } from '../envoy/durations.ts';
import { routesTaking } from '../envoy/route-match.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { callUrls } from '../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, objectAt, toPointer } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** What a route without `timeout` has, in seconds. */
const DEFAULT = 15;

/** Longer than Envoy's own and most controllers' defaults: whoever wrote it chose it. */
const CHOSEN = 60;

/**
 * Source: Envoy's `RouteAction` (timeout, idle_timeout, max_stream_duration, max_grpc_timeout) and `HttpConnectionManager`, tried with Envoy
 * 1.40: where `max_stream_duration` or `max_grpc_timeout` is there, `timeout` does not count for gRPC, whatever it says.
 */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy cuts the API's streams",
  why: 'A route without `timeout` ends each call after 15 seconds with 504, watches and logs among them, unless `max_stream_duration` or `max_grpc_timeout` is there.',
  fix: "set `timeout: 0s` and `max_stream_duration: {grpc_timeout_header_max: 0s}` on the API's route",
  find: (surface) =>
    surface.envoys.flatMap((target) =>
      [envoyApi(target, surface)].flatMap(({ clusters, managers }) => [
        ...managers.flatMap(({ manager, hosts }) => {
          const routes = hosts.flatMap((host) => calledIn(host, surface));
          return [
            ...routes.flatMap((route) => onRoute(target, route)),
            ...hosts.flatMap(({ host }) => onHost(target, host, routes)),
            ...onManager(target, manager, routes),
          ];
        }),
        ...clusters.flatMap((cluster) => onCluster(target, cluster)),
      ]),
    ),
};

/** The routes to the API that calls take; all of them where none is known to. */
function calledIn({ host, routes }: ApiHost, surface: Surface): readonly Located[] {
  const all = objectsIn(host, ['routes']);
  const taking = callUrls(surface).flatMap((url) => routesTaking(all, url));
  const places = new Set(taking.map(({ path }) => toPointer(path)));
  const called = routes.filter(({ path }) => places.has(toPointer(path)));
  return called.length > 0 ? called : routes;
}

/** A limit, with the field that sets it. */
interface Limit {
  path: readonly string[];
  /** Undefined where it cannot be read. */
  seconds: number | undefined;
}

function onRoute(target: DocumentTarget, route: Located): Fault[] {
  const action = getIn(route.value, ['route']);
  if (!isObject(action)) return [];
  const limits = [
    ...ofCalls(action),
    ...written(action, ['retry_policy', 'per_try_timeout']),
    ...written(action, ['retry_policy', 'per_try_idle_timeout']).filter(isShort),
    // Five minutes, the default, are long for a page: only what is shorter than a minute certainly cuts.
    ...written(action, ['idle_timeout']).filter(isShort),
  ];
  return limits.flatMap(({ path, seconds }) => {
    if (seconds === undefined || seconds >= STREAM_SECONDS) return [];
    const isDefault = getIn(action, path) === undefined;
    const what = isDefault
      ? `the route to the API has no timeout of its own, and Envoy ends its calls after ${seconds} s`
      : `${path.join('.')} of the route to the API ends its calls after ${seconds} s${/idle_timeout$/.test(path.at(-1) ?? '') ? ' without a message' : ''}`;
    return [
      inDocument(target, [...route.path, 'route', ...path], {
        severity: seconds > CHOSEN ? 'warning' : undefined,
        message: what,
        ...(isDefault || path[0] === 'timeout' ? {} : { fix: `set \`${path.join('.')}: 0s\`` }),
      }),
    ];
  });
}

const isShort = ({ seconds = STREAM_SECONDS }: Limit) => seconds <= CHOSEN;

/** What a virtual host sets for the routes that have no retry policy of their own. */
function onHost(target: DocumentTarget, host: Located, routes: readonly Located[]): Fault[] {
  const isOwn = routes.every(({ value }) => getIn(value, ['route', 'retry_policy']) !== undefined);
  return written(host.value, ['retry_policy', 'per_try_timeout']).flatMap(({ path, seconds }) =>
    isOwn || seconds === undefined || seconds >= STREAM_SECONDS
      ? []
      : [
          inDocument(target, [...host.path, ...path], {
            severity: seconds > CHOSEN ? 'warning' : undefined,
            message: `per_try_timeout of the virtual host ends calls after ${seconds} s`,
            fix: 'remove it',
          }),
        ],
  );
}

/** How long a gRPC call may take in all. */
function ofCalls(action: JsonObject): Limit[] {
  if (isObject(action['max_stream_duration']))
    return ['max_stream_duration', 'grpc_timeout_header_max'].flatMap((key) =>
      written(action, ['max_stream_duration', key]),
    );
  if (action['max_grpc_timeout'] !== undefined) return written(action, ['max_grpc_timeout']);
  const own = written(action, ['timeout']);
  return own.length > 0 ? own : [{ path: ['timeout'], seconds: DEFAULT }];
}

/** What the connection manager sets for every route. */
function onManager(target: DocumentTarget, manager: Located, routes: readonly Located[]): Fault[] {
  const longest = ['common_http_protocol_options', 'max_stream_duration'];
  const isIdleOwn = routes.every(
    ({ value }) => getIn(value, ['route', 'idle_timeout']) !== undefined,
  );
  const idle = isIdleOwn ? [] : written(manager.value, ['stream_idle_timeout']);
  const limits = [...written(manager.value, longest), ...idle.filter(isShort)];
  return [
    ...limits.flatMap(({ path, seconds }) => {
      if (seconds === undefined || seconds >= STREAM_SECONDS) return [];
      return [
        inDocument(target, [...manager.path, ...path], {
          severity: seconds > CHOSEN ? 'warning' : undefined,
          message: `${path.at(-1)} of the connection manager ends calls ${path === longest ? '' : 'without a message '}after ${seconds} s`,
          fix: path === longest ? 'remove it' : 'set `stream_idle_timeout: 3600s`',
        }),
      ];
    }),
    ...onRequests(target, manager),
  ];
}

/** Calls with one message are sent at once; a stream of messages from the client is one request for as long as it lasts. */
function onRequests(target: DocumentTarget, manager: Located): Fault[] {
  return written(manager.value, ['request_timeout']).flatMap(({ path, seconds }) =>
    seconds === undefined || seconds >= STREAM_SECONDS
      ? []
      : [
          inDocument(target, [...manager.path, ...path], {
            severity: 'warning',
            message: `request_timeout of the connection manager gives a client ${seconds} s to send its request: streams that the client keeps open, such as those of server reflection, end with 408`,
            fix: 'remove it; `request_headers_timeout` is for slow clients',
          }),
        ],
  );
}

/** What the cluster sets for each request, whatever the route says. */
function onCluster(target: DocumentTarget, cluster: Located): Fault[] {
  const options = objectAt(cluster.value, ['typed_extension_protocol_options']);
  const longest = ['common_http_protocol_options', 'max_stream_duration'];
  const places = Object.keys(options).map((name) => ['typed_extension_protocol_options', name]);
  return [[], ...places].flatMap((place) =>
    written(cluster.value, [...place, ...longest]).flatMap(({ path, seconds }) =>
      seconds === undefined || seconds >= STREAM_SECONDS
        ? []
        : [
            inDocument(target, [...cluster.path, ...path], {
              severity: seconds > CHOSEN ? 'warning' : undefined,
              message: `max_stream_duration of cluster ${asText(cluster.value['name'])} ends calls after ${seconds} s`,
              fix: 'remove it',
            }),
          ],
    ),
  );
}

function written(action: JsonObject, path: readonly string[]): Limit[] {
  const value = getIn(action, path);
  return value === undefined ? [] : [{ path, seconds: limitIn(value) }];
}
