/**
 * What Envoy's own ports answer: to a probe, or to Prometheus.
 *
 * Source: Envoy, "HTTP route matching" (404 without a virtual host or a route); Kubernetes, "HTTP probes" (200 to 399 is a success).
 */
import {
  connectionManagers,
  type Located,
  listenerOf,
  objectsAt,
  objectsIn,
  portOf,
} from '../envoy/bootstrap.ts';
import { codecOf, proxyHeaderAt, spokenAt } from '../envoy/listeners.ts';
import { numberOf } from '../envoy/proto-json.ts';
import { routesTaking, takesCall } from '../envoy/route-match.ts';
import { virtualHostFor } from '../envoy/virtual-hosts.ts';
import { getIn, type Json, stringAt } from '../yaml/json.ts';
import { CALL } from './path-match.ts';

/** A request that does not come in through an entry. */
export interface OwnRequest {
  port: number;
  path: string;
  scheme: 'http' | 'https';
  /** Undefined where it is the address of the pod. */
  host?: string | undefined;
  /** Hosts at which this Envoy is public: where none of them is taken, that is the fault, and told of elsewhere. */
  publicHosts?: readonly string[];
  /** What the listener takes is no fit for the entry either: that is the fault, and told of elsewhere. */
  isListenerAtFault?: boolean;
}

/** Filters that leave the answer to the routes. */
const SILENT_FILTERS =
  /(?:^|\.)(?:cors|grpc_web|connect_grpc_bridge|grpc_json_transcoder|grpc_stats|compressor|router)$/;

/** An address of a pod, as a request without a host names it. */
const POD_ADDRESS = '10.0.0.1';

/** Why a request gets no good answer, in words; undefined where it does, or that cannot be told. */
export function refusalOf(root: Json | undefined, request: OwnRequest): string | undefined {
  const { port, scheme } = request;
  const listeners = listenersAt(root, port);
  const spoken = spokenAt(listeners);
  if (spoken === 'plain' && scheme === 'https') return "Envoy's listener there has no TLS";
  if (spoken === 'tls' && scheme === 'http') return "Envoy's listener there takes TLS alone";
  const managers = connectionManagers(root).filter(
    (manager) => portOf(listenerOf(root, manager)?.value ?? {}) === port,
  );
  if (request.isListenerAtFault) return undefined;
  if (listeners.length > 0 && listeners.every((one) => proxyHeaderAt(one) === 'needed'))
    return "Envoy's listener there waits for a header of the PROXY protocol first";
  if (managers.length > 0 && managers.every((manager) => codecOf(manager) === 'HTTP/2'))
    return "Envoy's listener there takes HTTP/2 alone";
  const said = managers.map((manager) => answerOf(manager, request));
  return said.includes(undefined) ? undefined : said[0];
}

function listenersAt(root: Json | undefined, port: number): Located[] {
  return objectsAt(root, ['static_resources', 'listeners']).filter(
    ({ value }) => portOf(value) === port,
  );
}

function answerOf(manager: Located, request: OwnRequest): string | undefined {
  const { port, path, host, publicHosts = [] } = request;
  const filters = objectsIn(manager, ['http_filters']).map(({ value }) =>
    stringAt(value, ['name']),
  );
  if (filters.some((name) => !SILENT_FILTERS.test(name))) return undefined;
  const hosts = objectsIn(manager, ['route_config', 'virtual_hosts']);
  if (hosts.length === 0) return undefined;
  const isTaken = (one: string) => virtualHostFor(hosts, one) !== undefined;
  const taken = virtualHostFor(hosts, host ?? `${POD_ADDRESS}:${port}`);
  if (!taken && publicHosts.length > 0 && !publicHosts.some(isTaken)) return undefined;
  if (!taken)
    return `no virtual host of Envoy takes ${host ?? 'the address of the pod'}: it answers 404`;
  const routes = objectsIn(taken, ['routes']);
  const [first, ...more] = routesTaking(routes, path.split('?')[0] ?? path);
  if (!first) return `no route of Envoy takes ${path}: it answers 404`;
  const status = numberOf(getIn(first.value, ['direct_response', 'status']));
  // One that takes the calls as well has a fault of its own.
  if (more.length > 0 || status === undefined || takesCall(first, CALL) === true) return undefined;
  return status >= 400 ? `Envoy's route for ${path} answers ${status}` : undefined;
}
