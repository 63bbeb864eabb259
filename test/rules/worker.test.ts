import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { worker } from '../../src/rules/worker.ts';
import { apply, configMap, renamedFrom, service } from './support.ts';

const test = suite('worker');

const OLD = 'worker:\n  address: old:1\n  useTLS: false';
const API = service('michelangelo-apiserver', '[{ port: 15566 }]');

test('gives every worker the public address and TLS, each with its field', () => {
  const { edits } = apply(
    worker,
    '',
    configMap('a', 'base.yaml', OLD),
    configMap('b', 'x.yaml', OLD),
  );
  assert.equal(edits, [
    'replace ConfigMap a /worker/address "api.ml.example.com:443" <- spec.domain',
    'replace ConfigMap a /worker/useTLS true <- spec.tls.mode',
    'replace ConfigMap b /worker/address "api.ml.example.com:443" <- spec.domain',
    'replace ConfigMap b /worker/useTLS true <- spec.tls.mode',
  ]);
});

test('names the field that gives the host, and writes the port', () => {
  const spec = 'port: 8443\nhosts: { api: grpc.example.com }';
  const { edits } = apply(
    worker,
    spec,
    configMap('a', 'base.yaml', 'worker: { address: x, useTLS: true }'),
  );
  assert.equal(edits, [
    'replace ConfigMap a /worker/address "grpc.example.com:8443" <- spec.hosts.api',
  ]);
});

test('adds useTLS where it is missing', () => {
  const { edits } = apply(worker, '', configMap('a', 'base.yaml', 'worker: { address: x }'));
  assert.is(edits[1], 'add ConfigMap a /worker/useTLS true <- spec.tls.mode');
});

test('wants nothing where all is right', () => {
  const right = 'worker: { address: "api.ml.example.com:443", useTLS: true }';
  const { edits, problems } = apply(worker, '', configMap('a', 'base.yaml', right));
  assert.equal([...edits, ...problems], []);
});

test('uses the Service as it is named in this build, without TLS', () => {
  const renamed = service('dev-api', '[{ port: 80, targetPort: 15566 }]', renamedFrom('api'));
  const document = configMap('a', 'base.yaml', 'worker: { address: "api.ml.svc:1", useTLS: true }');
  const { edits } = apply(worker, 'worker: { apiAddress: service }', renamed, document);
  assert.equal(edits, [
    'replace ConfigMap a /worker/address "dev-api.ml.svc:80" <- spec.worker.apiAddress',
    'replace ConfigMap a /worker/useTLS false <- spec.worker.apiAddress',
  ]);
});

test('names the namespace of the Service, and keeps a longer form', () => {
  const api = service('michelangelo-apiserver', '[{ port: 15566 }]', '  namespace: ml\n');
  const written = (address: string) =>
    apply(
      worker,
      'worker: { apiAddress: service }',
      api,
      configMap('a', 'base.yaml', `worker: { address: "${address}" }`, '  namespace: ml\n'),
    ).edits[0];
  const wanted = (host: string) =>
    `replace ConfigMap a /worker/address "${host}:15566" <- spec.worker.apiAddress`;
  assert.is(written('michelangelo-apiserver:1'), wanted('michelangelo-apiserver.ml.svc'));
  assert.is(written('michelangelo-apiserver.ml:1'), wanted('michelangelo-apiserver.ml.svc'));
  assert.is(
    written('michelangelo-apiserver.old.svc.cluster.local:1'),
    wanted('michelangelo-apiserver.ml.svc.cluster.local'),
  );
});

test('speaks TLS to pods that end it themselves, by the name of the port or by their config', () => {
  const spec = 'worker: { apiAddress: service }';
  const useTls = (ports: string, config: string) =>
    apply(
      worker,
      spec,
      service('michelangelo-apiserver', ports, '').replace('spec:', 'spec:\n  selector: { a: b }'),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { template: { metadata: { labels: { a: b } }, spec: { containers: [], volumes: [{ name: c, configMap: { name: api } }] } } }\n',
      configMap('api', 'base.yaml', config),
      configMap('a', 'base.yaml', OLD),
    ).edits[1];
  const on = 'replace ConfigMap a /worker/useTLS true <- spec.worker.apiAddress';
  const plain = '[{ name: grpc, port: 15566 }]';
  assert.is(useTls('[{ name: grpcs, port: 15566 }]', 'apiserver: {}'), on);
  assert.is(useTls(plain, 'apiserver: { tls: { enabled: true } }'), on);
  assert.is(useTls(plain, 'apiserver: { tls: { enabled: false, certFile: x } }'), undefined);
  assert.is(useTls(plain, 'apiserver: {}'), undefined);
});

test('without TLS at the entry the Service follows from the TLS mode', () => {
  const { edits } = apply(worker, 'tls: { mode: none }', API, configMap('a', 'base.yaml', OLD));
  assert.equal(edits, [
    'replace ConfigMap a /worker/address "michelangelo-apiserver:15566" <- spec.tls.mode',
  ]);
});

test('names the namespace of a Service that is in another one', () => {
  const elsewhere = service('michelangelo-apiserver', '[{ port: 15566 }]', '  namespace: ml\n');
  const document = configMap('a', 'base.yaml', OLD, '  namespace: batch\n');
  const { edits } = apply(worker, 'tls: { mode: none }', elsewhere, document);
  assert.ok(edits[0]?.includes('"michelangelo-apiserver.ml.svc:15566"'));
});

test('says once that the base has no Service to use', () => {
  const spec = 'tls: { mode: none }\nabsent: [api-server]';
  const documents = [configMap('a', 'base.yaml', OLD), configMap('b', 'base.yaml', OLD)];
  const { edits, problems } = apply(worker, spec, ...documents);
  assert.equal(edits, []);
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['role-missing', 'spec.tls.mode']],
  );
});

test('says that the port of the Service is unclear where Envoy does not', () => {
  const unclear = service('michelangelo-apiserver', '[{ name: a, port: 1 }, { name: b, port: 2 }]');
  const spec = 'tls: { mode: none }';
  const { edits, problems } = apply(worker, spec, unclear, configMap('a', 'base.yaml', OLD));
  assert.equal(edits, []);
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-missing', 'spec.ports']],
  );
});

for (const [found, address] of [
  ['a map', '{ host: a }'],
  ['a list', '[a]'],
])
  test(`refuses an address that is ${found}`, () => {
    const document = configMap('a', 'base.yaml', `worker: { address: ${address} }`);
    const { edits, problems } = apply(worker, '', document);
    assert.equal(edits, []);
    assert.equal(
      problems.map((problem) => [problem.code, problem.path, problem.found]),
      [['target-shape', 'data[base.yaml].worker.address', found]],
    );
  });

test('refuses a labelled document whose worker is not a map', () => {
  const label = '  labels: { network.michelangelo.api/role: worker }\n';
  const { problems } = apply(worker, '', configMap('a', 'base.yaml', 'worker: yes please', label));
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-shape', 'data[base.yaml].worker']],
  );
});

test.run();
