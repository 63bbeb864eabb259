/** Envoy's config of a topology: the API's routes, the page, and what else runs through the same Envoy. */
import { OLD } from './hosts.ts';
import { pageRole, type Topology } from './topology.ts';

const TYPES = 'type.googleapis.com/envoy.extensions.filters';
const CORS = 'envoy.filters.http.cors';

type EnvoyFeatures = Topology['envoy'];

export function envoyConfig(topology: Topology): string {
  const features = topology.envoy;
  const { policy, shop, shopPolicy, redirect, canary } = features;
  const origins = ownOrigins(features, OLD[pageRole(topology)]);
  const own = { typed_per_filter_config: { [CORS]: corsPolicy(origins) } };
  const others = {
    typed_per_filter_config: { [CORS]: corsPolicy([{ exact: 'https://shop.example.com' }]) },
  };
  const api = {
    match: { prefix: '/michelangelo.api.' },
    route: { cluster: 'api', timeout: '0s' },
    ...(policy === 'route' ? own : {}),
  };
  const shopRoute = { match: { prefix: '/shop' }, route: { cluster: 'shop' } };
  const host = {
    name: 'app',
    domains: domainsOf(features),
    ...(policy === 'host' ? own : {}),
    routes: [
      ...(canary ? [{ match: { prefix: '/canary' }, route: { cluster: 'canary' } }] : []),
      ...(shop === 'route' ? [{ ...shopRoute, ...(shopPolicy ? others : {}) }] : []),
      api,
      { match: { prefix: '/' }, route: { cluster: 'ui' } },
    ],
  };
  const shopHost = {
    name: 'shop',
    domains: ['shop.example.com'],
    ...(shopPolicy ? others : {}),
    routes: [{ match: { prefix: '/' }, route: { cluster: 'shop' } }],
  };
  const redirectHost = {
    name: 'www',
    domains: ['www.example.com'],
    routes: [{ match: { prefix: '/' }, redirect: { host_redirect: OLD.app } }],
  };
  const manager = {
    '@type': `${TYPES}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'app',
    http_filters: [
      filter(CORS, `${TYPES}.http.cors.v3.Cors`),
      filter('envoy.filters.http.grpc_web', `${TYPES}.http.grpc_web.v3.GrpcWeb`),
      filter('envoy.filters.http.router', `${TYPES}.http.router.v3.Router`),
    ],
    route_config: {
      ...(policy === 'table' ? own : {}),
      virtual_hosts: [
        host,
        ...(shop === 'virtual-host' ? [shopHost] : []),
        ...(redirect ? [redirectHost] : []),
      ],
    },
  };
  const port = features.portAsText ? '8081' : 8081;
  const config = {
    static_resources: {
      listeners: [
        {
          name: 'app',
          address: { socket_address: { address: '0.0.0.0', port_value: port } },
          filter_chains: [
            {
              filters: [
                { name: 'envoy.filters.network.http_connection_manager', typed_config: manager },
              ],
            },
          ],
        },
      ],
      clusters: [
        { ...cluster('api', 'michelangelo-apiserver', 15566), ...HTTP2 },
        cluster('ui', 'michelangelo-ui', 80),
        cluster('shop', 'shop', 7000),
        ...(canary
          ? [cluster('canary', 'michelangelo-apiserver.elsewhere.svc.cluster.local', 15566)]
          : []),
      ],
    },
  };
  return JSON.stringify(features.camelCase ? inCamelCase(config) : config, null, 2);
}

function domainsOf({ domains }: EnvoyFeatures): string[] {
  if (domains === 'any') return ['*'];
  return domains === 'host' ? [OLD.app] : [OLD.app, `${OLD.app}:*`];
}

function ownOrigins({ origins, partnerOrigin }: EnvoyFeatures, page: string): object[] {
  const partner = partnerOrigin ? [{ exact: 'https://partner.example.net' }] : [];
  if (origins === 'any') return [{ safe_regex: { regex: '.*' } }, ...partner];
  if (origins === 'exact') return [{ exact: `https://${page}` }, ...partner];
  return [{ safe_regex: { regex: `https://${page.replaceAll('.', '\\.')}` } }, ...partner];
}

function corsPolicy(origins: readonly object[]) {
  return {
    '@type': `${TYPES}.http.cors.v3.CorsPolicy`,
    allow_origin_string_match: origins,
    allow_methods: 'GET, POST, OPTIONS',
    allow_headers: 'content-type,x-grpc-web',
    expose_headers: 'grpc-status,grpc-message',
  };
}

function filter(name: string, type: string) {
  return { name, typed_config: { '@type': type } };
}

const HTTP2 = {
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

function cluster(name: string, address: string, port: number) {
  const endpoint = { address: { socket_address: { address, port_value: port } } };
  return {
    name,
    type: 'STRICT_DNS',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
  };
}

/** proto3 JSON's other spelling. Keys with dots are names, not fields. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => [
    /^[a-z0-9_]+$/.test(key) ? key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()) : key,
    inCamelCase(member),
  ]);
  return Object.fromEntries(entries);
}
