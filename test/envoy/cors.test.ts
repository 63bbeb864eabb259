/** What Envoy makes of CORS, as tried with Envoy 1.40: a preflight to a bootstrap with one route. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { managersTo } from '../../src/envoy/api.ts';
import { corsOf, policiesThatCount } from '../../src/envoy/cors.ts';
import type { Json, JsonObject } from '../../src/yaml/json.ts';

const HTTP = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3';
const OFF: JsonObject = {
  '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
  disabled: true,
};
const policy = (fields: JsonObject): JsonObject => ({ '@type': `${HTTP}.CorsPolicy`, ...fields });
const LETS_IN: JsonObject = { allow_origin_string_match: [{ exact: 'https://a.example' }] };
const POLICY = policy(LETS_IN);
const ZERO = policy({ ...LETS_IN, filter_enabled: { default_value: { numerator: 0 } } });
const WITHOUT_ORIGINS = policy({ allow_methods: 'GET' });
const typed = (value: JsonObject, name = 'edge'): JsonObject => ({
  typed_per_filter_config: { [name]: value },
});

interface Parts {
  filter?: JsonObject;
  table?: JsonObject;
  host?: JsonObject;
  route?: JsonObject;
  /** Of the one weighted cluster. */
  weighted?: JsonObject;
}

/** The call of one route to the cluster `api`. */
function callOf({ filter = {}, table = {}, host = {}, route = {}, weighted }: Parts) {
  const clusters = [{ name: 'api', weight: 1, ...weighted }];
  const action: JsonObject = weighted
    ? { weighted_clusters: { clusters: [...clusters, { name: 'other', weight: 1 }] } }
    : { cluster: 'api' };
  const manager: JsonObject = {
    '@type': 'envoy.HttpConnectionManager',
    route_config: { virtual_hosts: [{ routes: [{ route: action, ...route }], ...host }], ...table },
    http_filters: [{ name: 'edge', typed_config: { '@type': `${HTTP}.Cors` }, ...filter }],
  };
  const listeners: Json = [{ filter_chains: [{ filters: [{ typed_config: manager }] }] }];
  const managers = managersTo({ static_resources: { listeners } }, new Set(['api']));
  const calls = managers.map(corsOf).flatMap(({ hosts }) => hosts.flatMap((one) => one.calls));
  assert.is(calls.length, 1);
  const [counting] = policiesThatCount(calls, (one) => 'allow_origin_string_match' in one);
  return { by: calls[0]?.off?.by, origins: counting?.value['allow_origin_string_match'] };
}

const test = suite('cors');

const CASES: [name: string, parts: Parts, by: string | undefined, letsIn: boolean][] = [
  ['a policy under the name of the filter counts', { host: typed(POLICY) }, undefined, true],
  [
    'one under the usual name does not where the filter has another',
    { host: typed(POLICY, 'envoy.filters.http.cors') },
    undefined,
    false,
  ],
  [
    'a switch under the usual name does not either',
    { table: typed(POLICY), host: typed(OFF, 'envoy.filters.http.cors') },
    undefined,
    true,
  ],
  [
    'the route table fills in what the virtual host leaves out',
    { table: typed(POLICY), host: typed(WITHOUT_ORIGINS) },
    undefined,
    true,
  ],
  ['the deprecated field counts', { host: { cors: LETS_IN } }, undefined, true],
  [
    'the deprecated field does not count beside a policy of a route',
    { host: { cors: LETS_IN }, route: typed(WITHOUT_ORIGINS) },
    undefined,
    false,
  ],
  [
    'a disabled filter stays off with the deprecated field',
    { filter: { disabled: true }, host: { cors: LETS_IN } },
    'filter',
    true,
  ],
  [
    'a policy of the route table switches a disabled filter on',
    { filter: { disabled: true }, table: typed(POLICY) },
    undefined,
    true,
  ],
  ['a switch of the route', { host: typed(POLICY), route: typed(OFF) }, 'entry', false],
  ['a switch that wraps a policy', { host: typed({ ...OFF, config: POLICY }) }, 'entry', false],
  ['a switch of a weighted cluster', { host: typed(POLICY), weighted: typed(OFF) }, 'entry', false],
  [
    'a weighted cluster takes a switch back',
    { host: typed(OFF), weighted: typed(POLICY) },
    undefined,
    true,
  ],
  ['0 % of the requests', { host: typed(POLICY), weighted: typed(ZERO) }, 'policy', false],
  [
    '0 % in a policy that is not the most specific one switches nothing off',
    { host: typed(ZERO), route: typed(WITHOUT_ORIGINS) },
    undefined,
    true,
  ],
];
for (const [name, parts, by, letsIn] of CASES)
  test(name, () => {
    const found = callOf(parts);
    assert.is(found.by, by);
    assert.equal(found.origins, letsIn ? LETS_IN['allow_origin_string_match'] : undefined);
  });

test.run();
