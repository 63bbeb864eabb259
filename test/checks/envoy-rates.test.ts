/** Limits of Envoy in time and number that hit everyone or nobody, each beside one that does its work. */
import { test } from 'uvu';
import { apiRoute, editEnvoy, editManager, filter, hostOf } from './envoy-plantings.ts';
import { changeIn, plantEach } from './plant-each.ts';
import type { Manifest } from './support.ts';

const IN = ['production', 'sound.yaml'] as const;
const fine = changeIn(IN, undefined);
const limit = changeIn(IN, 'envoy-limit', 'warning');
const cut = changeIn(IN, 'envoy-route-timeout', 'warning');

const outliers = (outlier_detection: Manifest, more: Manifest = {}) =>
  editEnvoy((root) => {
    const { clusters } = root.static_resources;
    const api = clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
    Object.assign(api, { outlier_detection, ...more });
  });
const ALL = { max_ejection_percent: 100 };
const manager = (values: Manifest) => editManager((found) => Object.assign(found, values));
const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
const RATE = {
  stat_prefix: 'calls',
  token_bucket: { max_tokens: 2000, tokens_per_fill: 1000, fill_interval: '1s' },
};
const rateLimit = (config: Manifest) => {
  const made = filter('local_ratelimit', 'LocalRateLimit');
  Object.assign(made.typed_config, RATE, config);
  return made;
};
const limited = (config: Manifest) =>
  editManager((found) => {
    found.http_filters.splice(1, 0, rateLimit(config));
  });
const runtime = (layer: Manifest) => (manifests: Manifest[]) => {
  limited({ filter_enabled: always, filter_enforced: { runtime_key: 'calls.enforced' } })(
    manifests,
  );
  editEnvoy((root) => {
    root.layered_runtime = { layers: [{ name: 'own', ...layer }] };
  })(manifests);
};

await plantEach([
  limit('one error takes every server out', outliers({ consecutive_5xx: 1, ...ALL })),
  limit(
    'one error takes every server out, and no panic threshold helps',
    outliers(
      { consecutive_5xx: 1, ...ALL },
      { common_lb_config: { healthy_panic_threshold: { value: 0 } } },
    ),
  ),
  limit(
    'one failure of the gateway does',
    outliers({
      consecutive_gateway_failure: 1,
      enforcing_consecutive_gateway_failure: 100,
      ...ALL,
    }),
  ),
  fine('half of the servers stay', outliers({ consecutive_5xx: 1, max_ejection_percent: 50 })),
  fine('five errors in a row', outliers({ consecutive_5xx: 5, ...ALL })),
  fine(
    'what is counted alone',
    outliers({ consecutive_5xx: 1, enforcing_consecutive_5xx: 0, ...ALL }),
  ),
  fine(
    'a counter that is not enforced by default',
    outliers({ consecutive_gateway_failure: 1, ...ALL }),
  ),
  limit('a rate limit that is not enforced', limited({ filter_enabled: always })),
  limit('a rate limit that is not on', limited({ filter_enforced: always })),
  fine(
    'a rate limit that only counts, on purpose',
    limited({ filter_enabled: always, filter_enforced: { default_value: { numerator: 0 } } }),
  ),
  limit(
    'a key that nothing sets',
    runtime({ static_layer: { overload: { global_downstream_max_connections: 50000 } } }),
  ),
  fine('a key that the runtime sets', runtime({ static_layer: { 'calls.enforced': 100 } })),
  fine('a key that may be set while it runs', runtime({ admin_layer: {} })),
  fine('a rate limit that works', limited({ filter_enabled: always, filter_enforced: always })),
  limit(
    'a rate limit of a host that is not enforced',
    editManager((found) => {
      const bare = filter('local_ratelimit', 'LocalRateLimit');
      Object.assign(bare.typed_config, { stat_prefix: 'calls' });
      found.http_filters.splice(1, 0, bare);
      hostOf(found).typed_per_filter_config = {
        ...hostOf(found).typed_per_filter_config,
        [bare.name]: rateLimit({ filter_enabled: always }).typed_config,
      };
    }),
  ),
  cut('a limit for whole requests', manager({ request_timeout: '300s' })),
  fine('no limit for whole requests', manager({ request_timeout: '0s' })),
  fine('a limit for headers', manager({ request_headers_timeout: '10s' })),
  changeIn(IN, 'envoy-route-timeout')(
    'a silent attempt is cut',
    editManager((found) => {
      apiRoute(found).route.retry_policy = { retry_on: 'reset', per_try_idle_timeout: '10s' };
    }),
  ),
  fine(
    'a silent attempt is cut after an hour',
    editManager((found) => {
      apiRoute(found).route.retry_policy = {
        retry_on: 'connect-failure',
        per_try_idle_timeout: '3600s',
      };
    }),
  ),
]);

test.run();
