/**
 * Limits of Envoy on the way to the API and the page.
 *
 * Sources: Envoy's `config.cluster.v3.CircuitBreakers` (defaults 1024), "Circuit breaking" (each pool may have one connection; without a
 * place to wait no connection is made), `config.core.v3.Http2ProtocolOptions`, `HttpProtocolOptions`, and `Listener` and
 * `Cluster` (`per_connection_buffer_limit_bytes`, 1 MiB).
 */
import {
  clusterNames,
  clustersOfRoute,
  type Located,
  listenerOf,
  objectsAt,
  objectsIn,
} from '../../envoy/bootstrap.ts';
import { secondsIn } from '../../envoy/durations.ts';
import { isEnum, numberOf } from '../../envoy/proto-json.ts';
import { speaksHttp2 } from '../../envoy/upstreams.ts';
import type { ApiManager } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import { asText, getIn } from '../../yaml/json.ts';

/** A field that is looked at: up to `broken` two callers stop each other, up to `low` a handful does. */
interface Rule {
  path: readonly string[];
  broken: number;
  low: number;
  what: (value: number) => string;
}

const KIB = 1024;

const OF_MANAGER: readonly Rule[] = [
  {
    path: ['http2_protocol_options', 'max_concurrent_streams'],
    broken: 2,
    low: 10,
    what: (value) =>
      `a connection carries ${times(value)} at a time, and a browser has one: what is more waits behind watches`,
  },
  {
    path: ['common_http_protocol_options', 'max_headers_count'],
    broken: 10,
    low: 30,
    what: (value) =>
      `a request with more than ${value} headers is answered with 431, and those of browsers have 20 to 40`,
  },
  {
    path: ['max_request_headers_kb'],
    broken: 1,
    low: 7,
    what: (value) =>
      `headers of more than ${value} KiB are answered with 431: a token or cookies take several`,
  },
];

const OF_CONNECTIONS: readonly Rule[] = [
  {
    path: ['per_connection_buffer_limit_bytes'],
    broken: 0,
    low: 16 * KIB - 1,
    what: (value) =>
      `a connection is held up at ${value} bytes, and what a filter has to hold as a whole is answered with 413 or 500`,
  },
];

const OF_THRESHOLDS: readonly Rule[] = [
  {
    path: ['max_requests'],
    broken: 4,
    low: 31,
    what: (value) =>
      `Envoy lets ${times(value)} go on at a time, for all users, and answers the next with 503`,
  },
  {
    path: ['max_pending_requests'],
    broken: 0,
    low: 3,
    what: (value) =>
      value === 0
        ? 'no call may wait for a connection, and the first has to: each is answered with 503'
        : `${times(value)} may wait for a connection, and the next is answered with 503`,
  },
];

const OF_PLAIN_THRESHOLDS: readonly Rule[] = [
  {
    path: ['max_connections'],
    broken: -1,
    low: 3,
    what: (value) =>
      `there are ${value} connections to it, with one request at a time on each: everything else waits`,
  },
];

const OF_HTTP2_THRESHOLDS: readonly Rule[] = [
  {
    path: ['max_connections'],
    broken: -1,
    low: 1,
    what: (value) =>
      `all calls of a thread share ${value === 1 ? 'one connection' : `${value} connections`}: those that the server takes no more of on it wait`,
  },
];

/** Of the connection manager and its listener. */
export function managerLimits(api: ApiManager): Fault[] {
  const { target, manager } = api;
  const listener = listenerOf(jsonOf(target), manager);
  return [
    ...judged(api, manager, OF_MANAGER, 'the connection manager'),
    ...(listener ? judged(api, listener, OF_CONNECTIONS, 'the listener') : []),
  ];
}

/** Of the clusters that the manager's routes lead to. */
export function clusterLimits(api: ApiManager): Fault[] {
  const { target, manager } = api;
  const hosts = objectsIn(manager, ['route_config', 'virtual_hosts']);
  const named = new Set(
    hosts
      .flatMap((host) => objectsIn(host, ['routes']))
      .flatMap(({ value }) => clustersOfRoute(value)),
  );
  return objectsAt(jsonOf(target), ['static_resources', 'clusters'])
    .filter((cluster) => [...clusterNames([cluster])].some((name) => named.has(name)))
    .flatMap((cluster) => {
      const subject = `cluster ${asText(cluster.value['name'])}`;
      const connections = speaksHttp2(cluster.value) ? OF_HTTP2_THRESHOLDS : OF_PLAIN_THRESHOLDS;
      return [
        ...objectsIn(cluster, ['circuit_breakers', 'thresholds'])
          // Nothing is sent with high priority unless a route says so.
          .filter(({ value }) => !isEnum(value['priority'], 'HIGH', 1))
          .flatMap((one) => judged(api, one, [...OF_THRESHOLDS, ...connections], subject)),
        ...judged(api, cluster, OF_CONNECTIONS, subject),
        ...connectTimes(api, cluster, subject),
      ];
    });
}

/** Shorter than a busy node takes for it; 5 s is the default. */
const CONNECTING = 0.05;

function connectTimes({ target }: ApiManager, { path, value }: Located, subject: string): Fault[] {
  const seconds = secondsIn(value['connect_timeout']);
  if (seconds === undefined || seconds === 0 || seconds >= CONNECTING) return [];
  return [
    inDocument(target, [...path, 'connect_timeout'], {
      severity: 'warning',
      message: `connect_timeout of ${subject} is ${seconds} s: a connection to another node takes longer now and then, and each call that waits for it is answered with 503`,
      fix: 'write `connect_timeout: 5s`',
    }),
  ];
}

function judged(
  { target }: ApiManager,
  { path, value }: Located,
  rules: readonly Rule[],
  subject: string,
): Fault[] {
  return rules.flatMap((rule) => {
    const found = numberOf(getIn(value, rule.path));
    if (found === undefined || found > Math.max(rule.low, rule.broken)) return [];
    const details: Fault = {
      severity: found > rule.broken ? 'warning' : undefined,
      message: `${rule.path.at(-1)} of ${subject} is ${found}: ${rule.what(found)}`,
    };
    return [inDocument(target, [...path, ...rule.path], details)];
  });
}

/** `one call`, `3 calls`. */
export function times(count: number): string {
  return count === 1 ? 'one call' : `${count} calls`;
}
