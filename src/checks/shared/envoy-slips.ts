/**
 * Names and values that Envoy cannot read: fields and types that are a letter off, durations without a unit.
 *
 * Source: protobuf's "JSON mapping" (Duration is text that ends with `s`; unknown fields are refused); tried with Envoy 1.40.
 */
import {
  connectionManagers,
  filterChains,
  type Located,
  objectIn,
  objectsAt,
  objectsIn,
  virtualHosts,
} from '../../envoy/bootstrap.ts';
import { fieldsOf, type MessageName } from '../../envoy/field-names.ts';
import { type Path, withUnderscores } from '../../envoy/proto-json.ts';
import { isTemplated } from '../../net/addresses.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { asText, isObject, type Json } from '../../yaml/json.ts';

interface Slip {
  path: Path;
  message: string;
  fix: string;
}

/** Everything of one bootstrap that Envoy refuses to read; paths count from the root. */
export function slipsIn(root: Json | undefined): Slip[] {
  return [...fieldSlips(root), ...valueSlips(root, [])];
}

function messagesIn(root: Json | undefined): [MessageName, Located[]][] {
  const top: Located[] = isObject(root) ? [{ path: [], value: root }] : [];
  const chains = filterChains(root);
  const managers = connectionManagers(root);
  const hosts = managers.flatMap((manager) => virtualHosts(root, manager));
  const routes = hosts.flatMap((host) => objectsIn(host, ['routes']));
  const inEach = (owners: readonly Located[], key: string) =>
    owners.flatMap((owner) => objectIn(owner, [key]));
  return [
    ['StaticResources', inEach(top, 'static_resources')],
    ['Listener', objectsAt(root, ['static_resources', 'listeners'])],
    ['FilterChain', chains],
    ['FilterChainMatch', inEach(chains, 'filter_chain_match')],
    ['NetworkFilter', chains.flatMap((chain) => objectsIn(chain, ['filters']))],
    ['HttpConnectionManager', managers],
    ['HttpProtocolOptions', inEach(managers, 'common_http_protocol_options')],
    ['HttpFilter', managers.flatMap((manager) => objectsIn(manager, ['http_filters']))],
    ['RouteConfiguration', inEach(managers, 'route_config')],
    ['VirtualHost', hosts],
    ['Route', routes],
    ['RouteMatch', inEach(routes, 'match')],
    ['RouteAction', inEach(routes, 'route')],
    ['Cluster', objectsAt(root, ['static_resources', 'clusters'])],
  ];
}

function fieldSlips(root: Json | undefined): Slip[] {
  return messagesIn(root).flatMap(([message, places]) => {
    const known = fieldsOf(message);
    return places.flatMap(({ path, value }) =>
      Object.keys(value).flatMap((key) => {
        const meant = known.has(key) ? undefined : [...known].find((one) => isMisspelled(key, one));
        if (meant === undefined || key.startsWith('@')) return [];
        return [
          {
            path: [...path, key],
            message: `there is no field ${key}; ${meant} is meant`,
            fix: `write \`${meant}\``,
          },
        ];
      }),
    );
  });
}

/** Fields that are a Duration wherever they stand. */
const DURATION =
  /^(?:(?:stream_)?idle_timeout|(?:request|connect|drain|delayed_close|request_headers|per_try|per_try_idle|transport_socket_connect|listener_filters|flush)_timeout|timeout|max_connection_duration|grpc_timeout_header_max|max_grpc_timeout|(?:refresh|cleanup|interval|fill)_interval|interval|dns_refresh_rate|base_ejection_time)$/;

const TYPES = [
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
  'envoy.extensions.filters.http.cors.v3.Cors',
  'envoy.extensions.filters.http.cors.v3.CorsPolicy',
  'envoy.extensions.filters.http.grpc_web.v3.GrpcWeb',
  'envoy.extensions.filters.http.connect_grpc_bridge.v3.FilterConfig',
  'envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder',
  'envoy.extensions.filters.http.router.v3.Router',
  'envoy.extensions.filters.http.health_check.v3.HealthCheck',
  'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
  'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
  'envoy.config.route.v3.FilterConfig',
].map((name) => `type.googleapis.com/${name}`);

/** What holds values of somebody's own. */
const OPEN = /^(?:value|static_layer|metadata|filter_metadata|runtime|inline_string)$/;

function valueSlips(json: Json | undefined, path: Path): Slip[] {
  if (Array.isArray(json)) return json.flatMap((item, at) => valueSlips(item, [...path, at]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]): Slip[] => {
    const place = [...path, key];
    if (OPEN.test(key)) return [];
    if (key === '@type') return typeSlip(value, place);
    if (!DURATION.test(withUnderscores(key)) || isObject(value) || Array.isArray(value))
      return valueSlips(value, place);
    const text = asText(value);
    if (!/^[\d.]+(?:ms|m|h|us|ns|sec|seconds)?$/.test(text) || isTemplated(text)) return [];
    return [
      {
        path: place,
        message: `${key} is \`${text}\`, and Envoy reads seconds alone, with the unit \`s\``,
        fix: `write \`${inSeconds(text)}\``,
      },
    ];
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e-3, m: 60, h: 3600, us: 1e-6, ns: 1e-9 };

function inSeconds(text: string): string {
  const [, amount = '', unit = ''] = /^([\d.]+)(\w*)$/.exec(text) ?? [];
  return `${Number((Number(amount) * (UNITS[unit] ?? 1)).toFixed(9))}s`;
}

function typeSlip(value: Json, path: Path): Slip[] {
  if (typeof value !== 'string' || TYPES.includes(value)) return [];
  const meant = TYPES.find(
    (one) => one.toLowerCase() === value.toLowerCase() || isMisspelled(value, one),
  );
  if (meant === undefined) return [];
  const names = [value, meant].map((text) => text.split('/')[1] ?? text);
  return [
    {
      path,
      message: `there is no type ${names[0]}; ${names[1]} is meant`,
      fix: `write \`${meant}\``,
    },
  ];
}
