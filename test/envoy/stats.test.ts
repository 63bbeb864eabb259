/** Where Envoy's metrics are reached, and what those of a cluster are called. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { metricsEndpoint, seriesOf } from '../../src/envoy/stats.ts';
import type { Json, JsonObject } from '../../src/yaml/json.ts';

const socket = (address: string, port: number) => ({
  address: { socket_address: { address, port_value: port } },
});
const STATS = '/stats/prometheus';

interface Given {
  admin?: JsonObject | undefined;
  listener?: JsonObject;
  chain?: JsonObject;
  domains?: string[];
  routes?: Json[];
  endpoint?: JsonObject;
}

function rootOf(given: Given = {}): Json {
  const { admin = socket('127.0.0.1', 9901), listener = socket('0.0.0.0', 9902) } = given;
  const { routes = [{ match: { path: STATS }, route: { cluster: 'self' } }] } = given;
  const { domains = ['*'], endpoint = socket('127.0.0.1', 9901), chain = {} } = given;
  const manager = {
    '@type': 'type.googleapis.com/x.HttpConnectionManager',
    route_config: { virtual_hosts: [{ domains, routes }] },
  };
  return {
    admin,
    static_resources: {
      listeners: [
        { ...listener, filter_chains: [{ filters: [{ typed_config: manager }], ...chain }] },
      ],
      clusters: [
        { name: 'self', load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint }] }] } },
      ],
    },
  };
}

const FOUND: readonly [name: string, root: Json, found: object][] = [
  ['a listener with that path alone', rootOf(), { port: 9902, path: STATS }],
  [
    'a listener that writes the path anew',
    rootOf({
      routes: [
        { match: { prefix: '/metrics' }, route: { cluster: 'self', prefix_rewrite: STATS } },
      ],
    }),
    { port: 9902, path: '/metrics' },
  ],
  [
    'a listener that leads to all of the admin interface',
    rootOf({ routes: [{ match: { prefix: '/' }, route: { cluster: 'self' } }] }),
    { port: 9902, path: STATS },
  ],
  [
    'a listener that takes GET alone',
    rootOf({
      routes: [
        {
          match: { path: STATS, headers: [{ name: ':method', string_match: { exact: 'GET' } }] },
          route: { cluster: 'self' },
        },
      ],
    }),
    { port: 9902, path: STATS },
  ],
  [
    'an admin interface on all addresses',
    rootOf({ admin: socket('0.0.0.0', 9901), routes: [] }),
    { port: 9901, path: STATS },
  ],
];
for (const [name, root, found] of FOUND)
  test(`metrics are reached through ${name}`, () => {
    assert.equal(metricsEndpoint(root), found);
  });

const UNREACHED: readonly [name: string, root: Json][] = [
  ['an admin interface on loopback', rootOf({ routes: [] })],
  ['a listener on loopback', rootOf({ listener: socket('127.0.0.1', 9902) })],
  ['a listener with TLS', rootOf({ chain: { transport_socket: tls() } })],
  ['a virtual host of one name', rootOf({ domains: ['envoy.example.com'] })],
  ['a cluster that leads elsewhere', rootOf({ endpoint: socket('10.0.0.1', 9901) })],
  ['a cluster that leads to another port', rootOf({ endpoint: socket('127.0.0.1', 8001) })],
  [
    'a route behind one that takes everything',
    rootOf({
      routes: [
        { match: { prefix: '/' }, route: { cluster: 'ui' } },
        { match: { path: STATS }, route: { cluster: 'self' } },
      ],
    }),
  ],
  [
    'a route that asks for a header as well',
    rootOf({
      routes: [{ match: { path: STATS, headers: [{ name: 'x' }] }, route: { cluster: 'self' } }],
    }),
  ],
  ['no admin interface', { static_resources: { listeners: [], clusters: [] } }],
];
for (const [name, root] of UNREACHED)
  test(`metrics are not reached through ${name}`, () => {
    assert.is(metricsEndpoint(root), undefined);
  });

function tls(): JsonObject {
  return {
    name: 'tls',
    typed_config: { '@type': 'type.googleapis.com/x.DownstreamTlsContext' },
  };
}

const SERIES: readonly [cluster: JsonObject, metric: string, label: string][] = [
  [{ name: 'michelangelo-apiserver' }, 'envoy_cluster_up', 'michelangelo-apiserver'],
  [{ name: 'api:grpc' }, 'envoy_cluster_up', 'api_grpc'],
  [{ name: 'outbound|15566||api.ml.svc' }, 'envoy_cluster_ml_svc_up', 'outbound|15566||api'],
  [{ name: 'a.b-c' }, 'envoy_cluster_b_c_up', 'a'],
  [{ name: 'a', alt_stat_name: 'b' }, 'envoy_cluster_up', 'b'],
];
for (const [cluster, metric, label] of SERIES)
  test(`the series of ${JSON.stringify(cluster)} are ${metric} of ${label}`, () => {
    const series = seriesOf(cluster);
    assert.is(series.metric('up'), metric);
    assert.is(series.label, label);
  });

test.run();
