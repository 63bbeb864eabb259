import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trust } from '../../src/rules/trust.ts';
import { apply, configMap, service } from './support.ts';

const test = suite('trust');

const BUNDLE = 'tls: { mode: ca, trust: { configMap: ca-bundle, key: ca.crt } }\n';
const WORKER = configMap('worker', 'base.yaml', 'worker: { address: a:443, useTLS: true }');
const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const ABSENT = 'absent: [envoy, ui, controller-manager, api-entry, app-entry]\n';

const workload = (containers: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  template:
    spec:
      containers: [${containers}]
      volumes: [{ name: config, configMap: { name: worker } }]
`;
const MOUNTS = 'volumeMounts: [{ name: config, mountPath: /config }]';
const run = (spec: string, ...documents: string[]) =>
  apply(trust, ABSENT + spec, API, WORKER, ...documents);

test('mounts the bundle and names it in the variables that clients read', () => {
  const { edits } = run(BUNDLE, workload(`{ name: sidecar }, { name: worker, ${MOUNTS} }`));
  const pod = '/spec/template/spec';
  const file = '/etc/michelangelo-trust/ca.crt';
  const add = (path: string, value: unknown) =>
    `add Deployment worker ${pod}${path} ${JSON.stringify(value)} <- spec.tls.trust`;
  assert.equal(edits, [
    add('/volumes/1', {
      name: 'michelangelo-trust',
      configMap: { name: 'ca-bundle', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    }),
    add('/containers/1/volumeMounts/1', {
      name: 'michelangelo-trust',
      mountPath: '/etc/michelangelo-trust',
      readOnly: true,
    }),
    add('/containers/1/env', [{ name: 'SSL_CERT_FILE', value: file }]),
    add('/containers/1/env/1', { name: 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', value: file }),
    add('/containers/1/env/2', { name: 'REQUESTS_CA_BUNDLE', value: file }),
    add('/containers/1/env/3', { name: 'AWS_CA_BUNDLE', value: file }),
  ]);
});

test('brings a variable up to date in its place', () => {
  const env =
    'env: [{ name: OTHER, value: a }, { name: SSL_CERT_FILE, valueFrom: { fieldRef: {} } }]';
  const { edits } = run(BUNDLE, workload(`{ name: worker, ${env}, ${MOUNTS} }`));
  assert.equal(
    edits.filter((edit) => edit.includes('/env/1')),
    [
      'remove Deployment worker /spec/template/spec/containers/0/env/1/valueFrom <- spec.tls.trust',
      'add Deployment worker /spec/template/spec/containers/0/env/1/value "/etc/michelangelo-trust/ca.crt" <- spec.tls.trust',
    ],
  );
});

test('does nothing where the images have it', () => {
  assert.equal(
    run('tls: { mode: ca, trust: preinstalled }', workload(`{ name: a, ${MOUNTS} }`)).edits,
    [],
  );
});

test("needs a workload that mounts the worker's ConfigMap", () => {
  assert.equal(
    run(BUNDLE).problems.map(({ code, severity }) => [code, severity]),
    [['target-missing', 'error']],
  );
});

test.run();
