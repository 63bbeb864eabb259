/** What Envoy refuses before it listens, tried with Envoy 1.40; each beside a form that it takes. */
import { test } from 'uvu';
import { apiRoute, editEnvoy, editManager, filter, hostOf } from './envoy-plantings.ts';
import { changeIn, plantEach } from './plant-each.ts';
import type { Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const wrong = changeIn(STREAMS, 'envoy-refuses');
const fine = changeIn(STREAMS, undefined);

const api = (root: Manifest) =>
  root.static_resources.clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
const overload = (trigger: Manifest, name = 'stop_accepting_requests') =>
  editEnvoy((root) => {
    root.overload_manager = {
      resource_monitors: [{ name: 'heap' }],
      actions: [{ name: `envoy.overload_actions.${name}`, triggers: [trigger] }],
    };
  });
const serverNames = (...names: string[][]) =>
  editEnvoy((root) => {
    const [listener] = root.static_resources.listeners;
    const [chain] = listener.filter_chains;
    listener.default_filter_chain = structuredClone(chain);
    listener.filter_chains = names.map((server_names, index) => ({
      ...structuredClone(chain),
      name: `chain-${index}`,
      filter_chain_match: { server_names },
    }));
  });
const withFilter = (name: string, type: string, config: Manifest) =>
  editManager((manager) => {
    const made = filter(name, type);
    Object.assign(made.typed_config, config);
    manager.http_filters.splice(-1, 0, made);
  });
const bucket = (fill_interval: string) =>
  withFilter('local_ratelimit', 'LocalRateLimit', {
    stat_prefix: 'all',
    token_bucket: { max_tokens: 5000, tokens_per_fill: 5000, fill_interval },
    filter_enabled: { default_value: { numerator: 100 } },
    filter_enforced: { default_value: { numerator: 100 } },
  });
const jwt = (provider_name: string) =>
  withFilter('jwt_authn', 'JwtAuthentication', {
    providers: { own: { issuer: 'https://id.example.com', local_jwks: { inline_string: '{}' } } },
    rules: [{ match: { prefix: '/admin' }, requires: { provider_name } }],
  });
const statsd = (node?: Manifest) =>
  editEnvoy((root) => {
    const type = 'type.googleapis.com/envoy.config.metrics.v3.StatsdSink';
    root.stats_sinks = [
      { name: 'statsd', typed_config: { '@type': type, tcp_cluster_name: api(root).name } },
    ];
    if (node) root.node = node;
  });
const rule = (edit: (route: Manifest) => void) => editManager((manager) => edit(apiRoute(manager)));

await plantEach([
  wrong('a threshold in per cent', overload({ name: 'heap', threshold: { value: 95 } })),
  fine('a threshold from 0 to 1', overload({ name: 'heap', threshold: { value: 0.95 } })),
  wrong('a trigger of another monitor', overload({ name: 'cpu', threshold: { value: 0.9 } })),
  wrong(
    'an action with a slip',
    overload({ name: 'heap', threshold: { value: 0.9 } }, 'stop_accepting_request'),
  ),
  wrong('a wildcard in a label', serverNames(['*example.org'])),
  fine('a wildcard for a label', serverNames(['*.example.org'])),
  wrong('one name for two chains', serverNames(['a.example.org'], ['A.example.org'])),
  fine('two names for two chains', serverNames(['a.example.org'], ['b.example.org'])),
  wrong('a bucket that is filled too often', bucket('0.01s')),
  fine('a bucket that is filled often', bucket('0.05s')),
  wrong('a provider that is not there', jwt('other')),
  fine('a provider that is there', jwt('own')),
  wrong('a sink without a node', statsd()),
  fine('a sink with a node', statsd({ id: 'envoy', cluster: 'michelangelo' })),
  wrong(
    'two paths of one route',
    rule(({ match }) => {
      match.safe_regex = { regex: '/michelangelo\\..*' };
    }),
  ),
  wrong(
    'two actions of one route',
    rule((route) => {
      route.non_forwarding_action = {};
    }),
  ),
  wrong(
    'an answer without a status',
    editManager((manager) => {
      hostOf(manager).routes.unshift({ match: { path: '/ping' }, direct_response: {} });
    }),
  ),
  wrong(
    'an expression that looks around',
    editManager((manager) => {
      const match = { safe_regex: { regex: '/(?!michelangelo).*\\.map' } };
      hostOf(manager).routes.unshift({ match, direct_response: { status: 404 } });
    }),
  ),
  wrong(
    'a filter without a type',
    editManager((manager) => {
      manager.http_filters.splice(-1, 0, { name: 'envoy.filters.http.grpc_stats' });
    }),
  ),
  wrong(
    'a way to choose servers that there is not',
    editEnvoy((root) => {
      api(root).lb_policy = 'ROUNDROBIN';
    }),
  ),
  fine(
    'a way to choose servers, in small letters',
    editEnvoy((root) => {
      api(root).lb_policy = 'least_request';
    }),
  ),
  wrong(
    'a window that is too small',
    editManager((manager) => {
      manager.http2_protocol_options = { initial_stream_window_size: 32768 };
    }),
  ),
  wrong(
    'endpoints without a name',
    editEnvoy((root) => {
      delete api(root).load_assignment.cluster_name;
    }),
  ),
]);

test.run();
