import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { envoyCors } from '../../src/rules/envoy-cors.ts';
import {
  type Bootstrap,
  bootstrap,
  cluster,
  host,
  MANAGER_PATH,
  NAMED_CORS_FILTER,
  policy,
} from './envoy-documents.ts';
import { apply, service } from './support.ts';

const test = suite('envoy cors');

const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const HOST = `${MANAGER_PATH}/route_config/virtual_hosts/0`;
const TYPED = 'typed_per_filter_config/envoy.filters.http.cors';
const REGEX = String.raw`https://app\.ml\.example\.com`;
const typed = (value: string) => `typed_per_filter_config: { envoy.filters.http.cors: ${value} }`;
const OLD = policy('{ safe_regex: { regex: x } }');
const edits = (options: Bootstrap, spec = '') =>
  apply(envoyCors, spec, API, bootstrap(options)).edits;
/** Operation, place below the virtual host, value; without the field. */
const short = (lines: readonly string[]) =>
  lines.map((line) => line.replace(`ConfigMap envoy ${HOST}/`, '').replace(/ <- .*/, ''));
const regexAt = (place: string) => `replace ${place}/0/safe_regex/regex ${JSON.stringify(REGEX)}`;

test('replaces the origin in the policy of the virtual host, and names the field', () => {
  assert.equal(edits({ hosts: host(typed(OLD)) }), [
    `replace ConfigMap envoy ${HOST}/${TYPED}/allow_origin_string_match/0/safe_regex/regex ${JSON.stringify(REGEX)} <- spec.domain`,
  ]);
});

test('changes the expression alone, where a matcher says more', () => {
  const written = policy('{ ignore_case: true, safe_regex: { regex: x } }');
  assert.equal(short(edits({ hosts: host(typed(written)) })), [
    regexAt(`${TYPED}/allow_origin_string_match`),
  ]);
});

const places: [name: string, hosts: string, place: string][] = [
  [
    'the deprecated cors of the virtual host',
    host('cors: { allow_origin_string_match: [{ safe_regex: { regex: x } }] }'),
    'cors/allow_origin_string_match',
  ],
  [
    'the deprecated cors of a route',
    host(
      '',
      '{ match: { prefix: / }, route: { cluster: api, cors: { allow_origin_string_match: [{ safe_regex: { regex: x } }] } } }',
    ),
    'routes/0/route/cors/allow_origin_string_match',
  ],
  [
    'a route',
    host('', `{ match: { prefix: / }, route: { cluster: api }, ${typed(OLD)} }`),
    `routes/0/${TYPED}/allow_origin_string_match`,
  ],
  [
    'a FilterConfig',
    host(
      typed(`{ "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, config: ${OLD} }`),
    ),
    `${TYPED}/config/allow_origin_string_match`,
  ],
];
for (const [name, hosts, place] of places)
  test(`finds the policy in ${name}`, () => {
    assert.equal(short(edits({ hosts })), [regexAt(place)]);
  });

test('finds the policy of a weighted cluster', () => {
  const weighted = `{ match: { prefix: / }, route: { weighted_clusters: { clusters: [{ name: api, weight: 1, ${typed(OLD)} }] } } }`;
  const found = short(edits({ hosts: host(typed(OLD), weighted) }));
  assert.equal(found, [
    regexAt(`${TYPED}/allow_origin_string_match`),
    regexAt(`routes/0/route/weighted_clusters/clusters/0/${TYPED}/allow_origin_string_match`),
  ]);
});

test('writes the policy of the route table where the virtual host has none', () => {
  assert.equal(edits({ table: typed(OLD) }).length, 1);
  assert.ok(edits({ table: typed(OLD) })[0]?.includes(`/route_config/${TYPED}/`));
});

test('writes the policy of the route table beside that of a route', () => {
  const hosts = host(
    '',
    `{ match: { prefix: /a }, route: { cluster: api }, ${typed(OLD)} }, { match: { prefix: / }, route: { cluster: api } }`,
  );
  assert.is(edits({ table: typed(OLD), hosts }).length, 2);
});

test('leaves a route table alone that the virtual host hides', () => {
  const found = edits({ table: typed(OLD), hosts: host(typed(OLD)) });
  assert.ok(found.every((line) => line.includes('/virtual_hosts/0/')));
});

test('makes a policy at the virtual host where one API route has none', () => {
  const hosts = host(
    '',
    `{ match: { prefix: /a }, route: { cluster: api }, ${typed(OLD)} }, { match: { prefix: / }, route: { cluster: api } }`,
  );
  const [first, second] = short(edits({ hosts }));
  assert.is(first, regexAt(`routes/0/${TYPED}/allow_origin_string_match`));
  assert.ok(second?.startsWith('add typed_per_filter_config {'));
});

test('makes none for routes that lead elsewhere', () => {
  const hosts = host(
    '',
    `{ match: { prefix: /a }, route: { cluster: api }, ${typed(OLD)} }, { match: { prefix: / }, route: { cluster: ui } }`,
  );
  assert.is(edits({ hosts }).length, 1);
});

test('leaves virtual hosts alone that do not lead to the API', () => {
  const other = host(typed(OLD), '{ match: { prefix: / }, route: { cluster: ui } }');
  const found = edits({ hosts: `${other}, ${host(typed(OLD))}` });
  assert.equal(found.length, 1);
  assert.ok(found[0]?.includes('/virtual_hosts/1/'));
});

test('a policy under the name of the filter that is there', () => {
  const [first] = short(edits({ filters: NAMED_CORS_FILTER }));
  assert.ok(first?.startsWith('add typed_per_filter_config {"edge-cors":{"@type"'), first);
});

test('puts a missing filter first', () => {
  const found = edits({ hosts: host(typed(OLD)), filters: '{ name: envoy.filters.http.router }' });
  assert.match(
    found[1] ?? '',
    /^add ConfigMap envoy \S+\/http_filters\/0 \{"name":"envoy.filters.http.cors"/,
  );
});

test('leaves CORS off where it is switched off, and adds no filter', () => {
  const off = typed(
    '{ "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true }',
  );
  assert.equal(edits({ hosts: host(off), filters: '{ name: envoy.filters.http.router }' }), []);
});

const OFF = typed(
  '{ "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true }',
);
const API_ROUTE = '{ match: { prefix: / }, route: { cluster: api }';
const switches: [name: string, options: Bootstrap, warnings: number][] = [
  ['at the virtual host', { hosts: host(OFF) }, 1],
  ['at the route table', { table: OFF }, 1],
  ['at the route table, which the host hides', { table: OFF, hosts: host(typed(OLD)) }, 0],
  [
    'at the host, which the API route overrides',
    { hosts: host(OFF, `${API_ROUTE}, ${typed(OLD)} }`) },
    0,
  ],
  ['at the API route', { hosts: host(typed(OLD), `${API_ROUTE}, ${OFF} }`) }, 1],
  [
    'for 0 % of the requests',
    { hosts: host(typed(OLD.replace('{', '{ filter_enabled: { default_value: {} },'))) },
    1,
  ],
  ['under another name than the filter has', { hosts: host(OFF), filters: NAMED_CORS_FILTER }, 0],
  ['nowhere', { hosts: host(typed(OLD)) }, 0],
];
for (const [name, options, warnings] of switches)
  test(`warns of CORS that is switched off ${name}`, () => {
    const { problems } = apply(envoyCors, '', API, bootstrap(options));
    assert.equal(
      problems.map(({ severity }) => severity),
      Array.from({ length: warnings }, () => 'warning'),
    );
  });

test('unites headers regardless of case, in the way they are written', () => {
  const spec = 'cors: { allowHeaders: [B, x-new], maxAge: 60 }';
  const found = edits({ hosts: host(typed(OLD)) }, spec).slice(1);
  assert.equal(found, [
    `replace ConfigMap envoy ${HOST}/${TYPED}/allow_headers "a,b,x-new" <- spec.cors.allowHeaders`,
    `add ConfigMap envoy ${HOST}/${TYPED}/max_age "60" <- spec.cors.maxAge`,
  ]);
});

test('adds origins at the end, removes those that are left over', () => {
  const spec = 'cors: { allowOrigins: ["http://localhost:*"] }';
  const grown = short(edits({ hosts: host(typed(OLD)) }, spec));
  assert.match(grown[1] ?? '', /^add \S+\/allow_origin_string_match\/1 /);
  const shrunk = short(
    edits({ hosts: host(typed(policy('{ safe_regex: { regex: x } }, { prefix: y }'))) }),
  );
  assert.is(shrunk[1], `remove ${TYPED}/allow_origin_string_match/1`);
});

test('keeps the exact form for what has no wildcard, also beside one that has', () => {
  const spec = 'cors: { allowOrigins: ["https://*.example.com"] }';
  const matchers = '{ exact: x }, { safe_regex: { regex: y } }';
  const found = short(edits({ hosts: host(typed(policy(matchers))) }, spec));
  assert.is(
    found[0],
    `replace ${TYPED}/allow_origin_string_match/0/exact "https://app.ml.example.com"`,
  );
  assert.match(found[1] ?? '', /\/1\/safe_regex\/regex /);
});

test('gives every expression the engine that one has', () => {
  const spec = 'cors: { allowOrigins: ["http://localhost:*"] }';
  const old = policy('{ safe_regex: { google_re2: {}, regex: x } }');
  assert.match(
    edits({ hosts: host(typed(old)) }, spec)[1] ?? '',
    /\{"safe_regex":\{"google_re2":\{\},/,
  );
});

test('replaces an exact star, which would let every site in', () => {
  const found = short(edits({ hosts: host(typed(policy('{ exact: "*" }'))) }));
  assert.is(
    found[0],
    `replace ${TYPED}/allow_origin_string_match/0/exact "https://app.ml.example.com"`,
  );
});

test('says that a labelled document has no route to the API', () => {
  const metadata = '  labels: { network.michelangelo.api/role: envoy }\n';
  const hosts = host('', '{ match: { prefix: / }, route: { cluster: ui } }');
  const options = { hosts, metadata, clusters: [cluster('ui', 'ui:80')] };
  const { problems } = apply(envoyCors, '', API, bootstrap(options));
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-missing', 'data[envoy.yaml].static_resources.listeners']],
  );
});

test.run();
