/** Hosts in configs, variables and commands, beside Services of the same stream. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { namedHostFaults } from '../../src/surface/faults/named-hosts.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('hosts that programs are given');

const found = (text: string) =>
  namedHostFaults(surfaceOf(splitDocuments(Buffer.from(text)))).map(
    ({ message, path, severity = 'error' }) => `${severity} ${path}: ${message}`,
  );

const worker = (rest: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: worker-config, namespace: ml }
data:
  base.yaml: |
    worker: { address: "api.example.com:443" }
    ${rest}
---
`;
const messages = (engine: string, services: string) =>
  found(worker(`workflow-engine: { host: "${engine}" }`) + services);

const service = (name: string, port: number, namespace = 'ml', more = '') => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ports: [{ port: ${port} }], ${more} }
---
`;

/** A worker's pod, with what its spec has beside the config. */
const pod = (more: string) => `${worker('')}apiVersion: v1
kind: Pod
metadata: { name: worker, namespace: ml }
spec:
  volumes: [{ name: config, configMap: { name: worker-config } }]
  ${more}
---
`;
const waiting = (script: string) =>
  pod(
    `initContainers: [{ name: wait, image: busybox:1, command: [sh, -c, ${JSON.stringify(script)}] }]`,
  );
const given = (value: string) =>
  pod(`containers: [{ name: main, image: worker:1, env: [{ name: PEER, value: "${value}" }] }]`);

test('names the Service that has the name with a prefix, and the port', () => {
  assert.equal(messages('cadence:7833', service('blue-cadence', 7833)), [
    'warning data[base.yaml].workflow-engine.host: the workflow engine names cadence:7833, and there is no Service cadence here; blue-cadence has that port',
  ]);
});

test('says nothing where the Service is there, or may be elsewhere', () => {
  const blue = service('blue-cadence', 7833);
  assert.equal(messages('cadence:7833', blue + service('cadence', 7833)), []);
  assert.equal(messages('cadence.engine.svc:7833', blue), []);
  assert.equal(messages('cadence:7833', service('blue-cadence', 80)), []);
  assert.equal(messages('cadence:7833', service('blue-cadence', 7833, 'other')), []);
  assert.equal(messages('cadence.example.com:7833', blue), []);
});

test('names a port that the Service does not have', () => {
  assert.equal(messages('temporal.engine:7234', service('temporal', 7233, 'engine')), [
    'error data[base.yaml].workflow-engine.host: the workflow engine names temporal.engine:7234, and Service temporal has 7233',
  ]);
  const elsewhere = service(
    'temporal',
    443,
    'engine',
    'type: ExternalName, externalName: t.example',
  );
  assert.equal(messages('temporal.engine:7233', elsewhere), []);
});

test('takes the ports of the pods for those of a headless Service', () => {
  const pods = `apiVersion: v1
kind: Pod
metadata: { name: minio, namespace: ml, labels: { app: minio } }
spec: { containers: [{ name: main, image: minio:1, ports: [{ containerPort: 9000 }] }] }
---
`;
  const headless = service('minio', 80, 'ml', 'clusterIP: None, selector: { app: minio }').replace(
    'port: 80',
    'port: 80, targetPort: 9000',
  );
  const store = (address: string) =>
    found(worker(`minio: { awsRegion: x, awsEndpointUrl: "${address}" }`) + headless + pods);
  assert.equal(store('minio:9000'), []);
  assert.equal(store('minio:80'), [
    'error data[base.yaml].minio.awsEndpointUrl: the object store names minio:80, and Service minio is headless: clients reach its pods themselves, on 9000',
  ]);
});

test('reads variables that are an address for certain', () => {
  const api = service('apiserver', 15566);
  assert.equal(given('apiserver:15566') + api && found(given('apiserver:15566') + api), []);
  assert.equal(found(given('apisrver') + api), []);
  assert.equal(found(given('$(HOST):15566') + api), []);
  assert.equal(found(given('info:7') + api), []);
  assert.match(found(given('apiserver:15567') + api)[0] ?? '', 'error spec.containers[0].env[0]');
  assert.match(found(given('http://apisrver:15566/x') + api)[0] ?? '', 'warning');
  assert.match(found(given('apiserver.default.svc:15566') + api)[0] ?? '', 'it is in namespace ml');
});

test('reads the commands by which init containers wait', () => {
  const api = service('apiserver', 15566);
  for (const script of [
    'until nc -z -w 2 apiserver 15566; do sleep 1; done',
    'until nslookup apiserver.ml.svc.cluster.local; do echo waiting; sleep 2; done',
    'wget -q http://apiserver:15566/healthz',
    'until nc -vz $HOST 15566; do sleep 1; done',
    'until nc -z db.example.com 3306; do sleep 1; done',
    'until pg_isready -h db.data.svc -p 5432; do sleep 1; done',
    'echo started at 10:30',
  ])
    assert.equal(found(waiting(script) + api), [], script);
  for (const script of [
    'until nc -z apiserver 15567; do sleep 1; done',
    'until nslookup apisever; do sleep 2; done',
    'until curl -sf http://ma-apiserver:15566; do sleep 2; done',
    'until (echo > /dev/tcp/mysql/3306); do sleep 1; done',
    'until mysqladmin ping -h mysql -P 3306; do sleep 1; done',
    './wait-for-it.sh mysql:3306 --timeout=0',
  ])
    assert.is(found(waiting(script) + api).length, 1, script);
});

test.run();
