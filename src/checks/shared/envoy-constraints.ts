/**
 * What Envoy's schema asks of the messages between a listener and a cluster: one of several fields, a field that has to be there, a value
 * in a range, an expression that RE2 takes. Each was tried with Envoy 1.40.
 *
 * Sources: `config.route.v3.Route` (`action`) and `RouteMatch` (`path_specifier`), `config.route.v3.DirectResponseAction`,
 * `config.listener.v3.Filter`, `http_connection_manager.v3.HttpFilter`, `config.core.v3.Http2ProtocolOptions`,
 * `config.cluster.v3.Cluster`, `config.endpoint.v3.ClusterLoadAssignment`, `type.matcher.v3.RegexMatcher`.
 */
import {
  connectionManagers,
  filterChains,
  type Located,
  messageIn,
  objectIn,
  objectsAt,
  objectsIn,
  routesOf,
} from '../../envoy/bootstrap.ts';
import { refusedBecause } from '../../envoy/origins/re2.ts';
import { isEnum, numberOf } from '../../envoy/proto-json.ts';
import { isTemplated } from '../../net/addresses.ts';
import { asText, getIn, isObject, type Json } from '../../yaml/json.ts';
import type { Refusal } from './envoy-refusals.ts';

/** Everything in one bootstrap that breaks a rule of a message; paths count from the root. */
export function brokenConstraints(root: Json | undefined): Refusal[] {
  const clusters = objectsAt(root, ['static_resources', 'clusters']);
  return [
    ...routesOf(root).flatMap(ofRoute),
    ...objectsAt(root, ['static_resources', 'listeners']).flatMap(ofListener),
    ...untyped(root),
    ...clusters.flatMap(ofCluster),
    ...connectionManagers(root).flatMap((manager) => ofHttp2(manager, ['http2_protocol_options'])),
  ];
}

const ACTIONS = [
  'route',
  'redirect',
  'direct_response',
  'filter_action',
  'non_forwarding_action',
] as const;

const PATHS = [
  'prefix',
  'path',
  'safe_regex',
  'path_separated_prefix',
  'path_match_policy',
  'connect_matcher',
] as const;

function ofRoute(route: Located): Refusal[] {
  const { path, value } = route;
  const matches = objectIn(route, ['match']);
  const regexes = [
    ['match', 'safe_regex'],
    ['route', 'regex_rewrite', 'pattern'],
    ['redirect', 'regex_rewrite', 'pattern'],
  ];
  const direct = objectIn(route, ['direct_response']);
  return [
    ...oneOf(route, ACTIONS, 'what a route does'),
    ...(matches.length > 0 ? matches.flatMap((match) => oneOf(match, PATHS, 'its path')) : []),
    ...regexes.flatMap((place) => {
      const regex = getIn(value, [...place, 'regex']);
      return typeof regex === 'string' ? ofRegex(regex, [...path, ...place, 'regex']) : [];
    }),
    ...direct
      .filter((one) => one.value['status'] === undefined)
      .map((one) => ({
        path: [...one.path, 'status'],
        message: 'a direct response has no status',
        fix: 'write `status: 200`, or the one that is meant',
      })),
  ];
}

function oneOf({ path, value }: Located, fields: readonly string[], what: string): Refusal[] {
  const there = fields.filter((field) => value[field] !== undefined);
  const [first = '', second] = there;
  if (there.length === 1) return [];
  return [
    second === undefined
      ? {
          path,
          message: `${what} is not said: there is none of ${fields.slice(0, 3).join(', ')}`,
          fix: `write one of them`,
        }
      : {
          path: [...path, second],
          message: `${what} is said twice, by ${first} and ${second}`,
          fix: 'keep one of them',
        },
  ];
}

function ofRegex(regex: string, path: Located['path']): Refusal[] {
  const reason = isTemplated(regex) ? undefined : refusedBecause(regex);
  return reason === undefined
    ? []
    : [
        {
          path,
          message: `RE2 refuses the expression \`${regex}\`: ${reason}`,
          fix: 'correct it: RE2 has neither looks around nor references back, and `.*` stands for anything',
        },
      ];
}

/** Of a listener for UDP, or one that a matcher leads, the chains stand elsewhere. */
function ofListener(listener: Located): Refusal[] {
  const { path, value } = listener;
  const protocol = asText(getIn(value, ['address', 'socket_address', 'protocol']) ?? 'TCP');
  const chains = objectsIn(listener, ['filter_chains']);
  const isOther = protocol !== 'TCP' || isObject(value['api_listener']);
  const port = numberOf(getIn(value, ['address', 'socket_address', 'port_value']));
  const names = new Map<string, string>();
  const name = asText(value['name'] ?? '');
  return [
    ...(chains.length > 0 || isObject(value['default_filter_chain']) || isOther
      ? []
      : [
          {
            path: [...path, 'filter_chains'],
            message: `listener ${name} has no filter chains`,
            fix: 'add one, or take the listener away',
          },
        ]),
    ...(port !== undefined && port > 65535
      ? [
          {
            path: [...path, 'address', 'socket_address', 'port_value'],
            message: `port ${port} of listener ${name} is above 65535`,
            fix: 'write the port that its Service leads to',
          },
        ]
      : []),
    ...chains.flatMap((chain) => ofServerNames(chain, names)),
  ];
}

/** Source: Envoy's `FilterChainMatch.server_names`: `*.example.com`, but not `*w.example.com`; matches of two chains must differ. */
function ofServerNames(chain: Located, known: Map<string, string>): Refusal[] {
  const [match] = objectIn(chain, ['filter_chain_match']);
  const written = match?.value['server_names'];
  if (!match || !Array.isArray(written)) return [];
  const isAlone = Object.keys(match.value).every(
    (key) => key === 'server_names' || key === 'transport_protocol',
  );
  return written.flatMap((one, index): Refusal[] => {
    const name = asText(one);
    const path = [...match.path, 'server_names', index];
    const own = asText(chain.value['name'] ?? '');
    if (name.slice(1).includes('*') || /^\*[^.]/.test(name))
      return [
        {
          path,
          message: `server name ${name} has a wildcard that is not a whole label at its beginning`,
          fix: `write \`*.${name.replace(/^.*\*\.?/, '')}\`, or each name by itself`,
        },
      ];
    const other = isAlone ? known.get(name.toLowerCase()) : undefined;
    if (isAlone) known.set(name.toLowerCase(), other ?? own);
    return other === undefined
      ? []
      : [
          {
            path,
            message: `server name ${name} leads to two filter chains${other ? `, ${other} among them` : ''}`,
            fix: 'keep it in one of them',
          },
        ];
  });
}

/** Source: Envoy, "Extension configuration": filters are found by the type of their config. */
function untyped(root: Json | undefined): Refusal[] {
  const network = filterChains(root).flatMap((chain) => objectsIn(chain, ['filters']));
  const http = connectionManagers(root).flatMap((manager) => objectsIn(manager, ['http_filters']));
  return [...network, ...http]
    .filter(({ value }) => !isObject(value['typed_config']) && !isObject(value['config_discovery']))
    .map(({ path, value }) => ({
      path: [...path, 'typed_config'],
      message: `filter ${asText(value['name'] ?? '')} has no \`typed_config\`, by whose type Envoy finds it`,
      fix: 'add `typed_config` with the `@type` of the filter',
    }));
}

const ENUMS: Readonly<Record<string, string>> = {
  type: 'STATIC STRICT_DNS LOGICAL_DNS EDS ORIGINAL_DST',
  lb_policy:
    'ROUND_ROBIN LEAST_REQUEST RING_HASH RANDOM MAGLEV CLUSTER_PROVIDED LOAD_BALANCING_POLICY_CONFIG',
  dns_lookup_family: 'AUTO V4_ONLY V6_ONLY V4_PREFERRED ALL',
};

function ofCluster(cluster: Located): Refusal[] {
  const { path, value } = cluster;
  const name = asText(value['name'] ?? '');
  const assignment = value['load_assignment'];
  const names = Object.entries(ENUMS).flatMap(([field, words]): Refusal[] => {
    const written = value[field];
    if (typeof written !== 'string' || /^\d*$/.test(written) || isTemplated(written)) return [];
    if (words.split(' ').includes(written.toUpperCase())) return [];
    return [
      {
        path: [...path, field],
        message: `${field} of cluster ${name} is ${written}, which there is not`,
        fix: `write one of: ${words.replaceAll(' ', ', ')}`,
      },
    ];
  });
  const isProvided =
    isEnum(value['lb_policy'], 'CLUSTER_PROVIDED', 6) &&
    !isObject(value['cluster_type']) &&
    !isEnum(value['type'], 'ORIGINAL_DST', 4);
  return [
    ...names,
    ...(isProvided
      ? [
          {
            path: [...path, 'lb_policy'],
            message: `cluster ${name} leaves the choice of a server to its type, and ${asText(value['type'] ?? 'STATIC')} makes none`,
            fix: 'take `lb_policy` away: the default is ROUND_ROBIN',
          },
        ]
      : []),
    ...(isObject(assignment) && assignment['cluster_name'] === undefined
      ? [
          {
            path: [...path, 'load_assignment', 'cluster_name'],
            message: `load_assignment of cluster ${name} has no cluster_name`,
            fix: `write \`cluster_name: ${name}\``,
          },
        ]
      : []),
    ...objectIn(cluster, ['typed_extension_protocol_options']).flatMap((options) =>
      Object.keys(options.value).flatMap((key) =>
        objectIn(options, [key, 'explicit_http_config']).flatMap((config) =>
          ofHttp2(config, ['http2_protocol_options']),
        ),
      ),
    ),
    ...withoutAuthority(cluster),
  ];
}

function ofHttp2(owner: Located, place: readonly string[]): Refusal[] {
  return objectIn(owner, place).flatMap(({ path, value }) =>
    ['initial_stream_window_size', 'initial_connection_window_size'].flatMap((field): Refusal[] => {
      const size = numberOf(value[field]);
      if (size === undefined || size >= 65535) return [];
      return [
        {
          path: [...path, field],
          message: `${field} is ${size}, and has to be 65535 at least`,
          fix: 'write `65536`, or take it away',
        },
      ];
    }),
  );
}

/** "SAN-based verification of peer certificates without trusted CA is insecure and not allowed". */
function withoutAuthority(cluster: Located): Refusal[] {
  return messageIn(cluster, ['transport_socket', 'typed_config'])
    .flatMap((config) => objectIn(config, ['common_tls_context', 'validation_context']))
    .filter(({ value }) => {
      const names = value['match_typed_subject_alt_names'] ?? value['match_subject_alt_names'];
      const trusted = ['trusted_ca', 'ca_certificate_provider_instance', 'custom_validator_config'];
      const isTrusting =
        trusted.some((key) => value[key] !== undefined) || isObject(value['system_root_certs']);
      return Array.isArray(names) && names.length > 0 && !isTrusting;
    })
    .map(({ path }) => ({
      path: [...path, 'trusted_ca'],
      message: `cluster ${asText(cluster.value['name'] ?? '')} checks the names of a certificate that nothing vouches for`,
      fix: 'add `trusted_ca` with the certificate of the authority',
    }));
}
