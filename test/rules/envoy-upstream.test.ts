import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { envoyUpstream } from '../../src/rules/envoy-upstream.ts';
import { bootstrap, cluster } from './envoy-documents.ts';
import { apply, renamedFrom, service } from './support.ts';

const test = suite('envoy upstream');

const RENAMED = service(
  'dev-michelangelo-apiserver',
  '[{ port: 15566 }]',
  renamedFrom('michelangelo-apiserver'),
);
const socket = (index: number, endpoint = 0) =>
  `ConfigMap envoy /static_resources/clusters/${index}/load_assignment/endpoints/0/lb_endpoints/${endpoint}/endpoint/address/socket_address`;
const edits = (services: string, clusters: string[], spec = '', metadata = '') =>
  apply(envoyUpstream, spec, services, bootstrap({ clusters, metadata })).edits;

test('follows the name of the Service, and says that no field decided it', () => {
  assert.equal(edits(RENAMED, [cluster('api', 'michelangelo-apiserver:15566')]), [
    `replace ${socket(0)}/address "dev-michelangelo-apiserver" <- names in this build`,
  ]);
});

test('follows the port', () => {
  const moved = service(
    'michelangelo-apiserver',
    '[{ name: http, port: 80 }, { port: 50051, targetPort: 15566 }]',
  );
  assert.equal(edits(moved, [cluster('api', 'michelangelo-apiserver:15566')]), [
    `replace ${socket(0)}/port_value 50051 <- names in this build`,
  ]);
});

const hosts: [written: string, namespace: string, wanted: string][] = [
  ['ma-api', 'prod', 'ma-api'],
  ['other', 'elsewhere', 'ma-api.prod.svc'],
  ['ma-api.base', 'elsewhere', 'ma-api.prod'],
  ['ma-api.base.svc.cluster.local.', 'prod', 'ma-api.prod.svc.cluster.local.'],
  ['api.example.com', 'prod', 'ma-api'],
  ['10.0.0.7', 'prod', 'ma-api'],
];
for (const [written, namespace, wanted] of hosts)
  test(`makes ${wanted} of ${written} for an Envoy in ${namespace}`, () => {
    const api = service('ma-api', '[{ port: 15566 }]', '  namespace: prod\n');
    const found = edits(
      api,
      [cluster('api', `${written}:15566`)],
      '',
      `  namespace: ${namespace}\n`,
    );
    const changed = [`replace ${socket(0)}/address "${wanted}" <- names in this build`];
    assert.equal(
      found.filter((line) => !line.includes('STRICT_DNS')),
      written === wanted ? [] : changed,
    );
  });

test('takes the given address, and finds the cluster again afterwards', () => {
  const spec = 'envoy: { upstream: { host: grpc.example.net, port: 8443 } }';
  assert.equal(edits(RENAMED, [cluster('api', 'michelangelo-apiserver:15566')], spec), [
    `replace ${socket(0)}/address "grpc.example.net" <- spec.envoy.upstream`,
    `replace ${socket(0)}/port_value 8443 <- spec.envoy.upstream`,
  ]);
  assert.equal(edits(RENAMED, [cluster('api', 'grpc.example.net:8443')], spec), []);
});

test('other clusters follow a renamed Service, with their port', () => {
  const ui = service('dev-ui', '[{ port: 80 }]', renamedFrom('ui'));
  const clusters = [cluster('api', 'dev-michelangelo-apiserver:15566'), cluster('ui', 'ui:8080')];
  assert.equal(edits(`${RENAMED}---\n${ui}`, clusters), [
    `replace ${socket(1)}/address "dev-ui" <- names in this build`,
  ]);
});

test('leaves public hosts and other namespaces alone that begin like a Service', () => {
  const ui = service('dev-login', '[{ port: 443 }]', `${renamedFrom('login')}  namespace: dev\n`);
  const api = cluster('api', 'dev-michelangelo-apiserver:15566');
  const others = ['login.example.com:443', 'login.example:443', 'login.other.svc:443'];
  assert.equal(
    edits(`${RENAMED}---\n${ui}`, [api, ...others.map((address) => cluster('x', address))]),
    [],
  );
});

test('keeps the port of a cluster that uses another port of the API Service', () => {
  const two = service(
    'dev-michelangelo-apiserver',
    '[{ port: 15566 }, { name: metrics, port: 8091 }]',
    renamedFrom('michelangelo-apiserver'),
  );
  const clusters = [
    cluster('metrics', 'michelangelo-apiserver:8091'),
    cluster('api', 'michelangelo-apiserver:15566'),
  ];
  assert.equal(edits(two, clusters).sort(), [
    `replace ${socket(0)}/address "dev-michelangelo-apiserver" <- names in this build`,
    `replace ${socket(1)}/address "dev-michelangelo-apiserver" <- names in this build`,
  ]);
});

test('does not take a cluster for the API because of another port of its Service', () => {
  const two = service('ma-api', '[{ port: 15566 }, { name: http, port: 80 }]');
  const clusters = [cluster('ui', 'web.example.com:80'), cluster('api', 'elsewhere:15566')];
  assert.equal(edits(two, clusters), [
    `replace ${socket(1)}/address "ma-api" <- names in this build`,
  ]);
});

test('leaves the endpoint of another Service in the API cluster alone', () => {
  const canary = service('canary', '[{ port: 15000 }]');
  const clusters = [cluster('api', 'michelangelo-apiserver:15566', 'canary:15000')];
  assert.equal(edits(`${RENAMED}---\n${canary}`, clusters), [
    `replace ${socket(0)}/address "dev-michelangelo-apiserver" <- names in this build`,
  ]);
});

const types: [type: string, written: string, isChanged: boolean][] = [
  ['', '10.0.0.7', true],
  ['type: STATIC, ', '10.0.0.7', true],
  ['type: STATIC, ', 'old-name', false],
  ['type: LOGICAL_DNS, ', '10.0.0.7', false],
  ['type: STRICT_DNS, ', '10.0.0.7', false],
];
for (const [type, written, isChanged] of types)
  test(`${isChanged ? 'looks' : 'leaves it to the type to look'} a name up after ${written} with ${type || 'no type'}`, () => {
    const text = cluster('api', `${written}:15566`).replace('{ name', `{ ${type}name`);
    const found = edits(RENAMED, [text]);
    assert.is(
      found.some((line) => line.includes('/clusters/0/type "STRICT_DNS"')),
      isChanged,
    );
  });

test('an IP address that is given keeps a cluster STATIC', () => {
  const text = cluster('api', '10.0.0.7:15566').replace('{ name', '{ type: STATIC, name');
  const spec = 'envoy: { upstream: { host: 10.0.0.8, port: 15566 } }';
  assert.is(edits(RENAMED, [text], spec).length, 1);
});

const endpoints: [
  name: string,
  addresses: string[],
  spec: string,
  edits: number,
  severity?: string,
][] = [
  [
    'one that names nothing here',
    ['michelangelo-apiserver:15566', 'other:15566'],
    '',
    1,
    'warning',
  ],
  [
    'another port of the same',
    ['michelangelo-apiserver:15566', 'michelangelo-apiserver:15567'],
    '',
    1,
    'warning',
  ],
  [
    'the right one, and an old one',
    ['michelangelo-apiserver:15566', 'dev-michelangelo-apiserver:15566'],
    '',
    0,
    'warning',
  ],
  [
    'the same in two localities',
    ['michelangelo-apiserver:15566', 'michelangelo-apiserver:15566'],
    '',
    2,
  ],
  ['none that names the Service', ['10.0.0.1:15566', '10.0.0.2:15566'], '', 0, 'error'],
  [
    'an address that is given',
    ['michelangelo-apiserver:15566', 'other:15566'],
    'envoy: { upstream: { host: grpc.example.net, port: 15566 } }',
    1,
    'warning',
  ],
];
for (const [name, addresses, spec, count, severity] of endpoints)
  test(`of several endpoints writes those of the API: ${name}`, () => {
    const document = bootstrap({ clusters: [cluster('api', ...addresses)] });
    const { edits, problems } = apply(envoyUpstream, spec, RENAMED, document);
    assert.is(edits.length, count);
    assert.is(problems[0]?.severity, severity);
  });

test('does not take a cluster with TLS for the public API where one endpoint of two is public', () => {
  const context =
    'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
  const mixed = cluster('api', 'michelangelo-apiserver:15566', 'api.example.com:443').replace(
    '{',
    `{ transport_socket: { name: tls, typed_config: { "@type": ${context} } },`,
  );
  const found = apply(envoyUpstream, '', RENAMED, bootstrap({ clusters: [mixed] }));
  assert.equal(found.edits, [
    `replace ${socket(0)}/address "dev-michelangelo-apiserver" <- names in this build`,
  ]);
  assert.equal(
    found.problems.map(({ code }) => code),
    ['endpoints-left'],
  );
});

test('says that the API cluster has no endpoint', () => {
  const { problems } = apply(
    envoyUpstream,
    '',
    service('api', '[{ port: 15566 }]'),
    bootstrap({ clusters: ['{ name: api, type: EDS }'] }),
  );
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-missing', 'data[envoy.yaml].static_resources.clusters[api]']],
  );
});

test('says that the gRPC port cannot be told', () => {
  const unclear = service('michelangelo-apiserver', '[{ name: a, port: 1 }, { name: b, port: 2 }]');
  const { problems } = apply(envoyUpstream, '', unclear, bootstrap({}));
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-missing', 'spec.ports']],
  );
});

test.run();
