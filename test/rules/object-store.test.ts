import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { objectStore } from '../../src/rules/object-store.ts';
import { apply, configMap } from './support.ts';

const test = suite('object store');

const withStore = (minio: string) =>
  configMap('worker', 'base.yaml', `worker: { address: x }\nminio: ${minio}`);
const endpoint = (written: string, given: string) =>
  apply(
    objectStore,
    `objectStore: { endpoint: "${given}" }`,
    withStore(`{ awsEndpointUrl: "${written}" }`),
  ).edits;
const written = (value: string) =>
  `replace ConfigMap worker /minio/awsEndpointUrl "${value}" <- spec.objectStore.endpoint`;

const secure = (value: boolean) =>
  `add ConfigMap worker /minio/secure ${value} <- spec.objectStore.endpoint`;

test('writes host and port, whatever stands there, and says whether that is TLS', () => {
  assert.equal(endpoint('minio:9091', 'https://s3.example.com:9000/'), [
    written('s3.example.com:9000'),
    secure(true),
  ]);
  assert.equal(endpoint('https://minio:9091', 'http://s3.example.com'), [
    written('s3.example.com'),
    secure(false),
  ]);
});

test('leaves TLS alone where the config does not say', () => {
  assert.equal(endpoint('http://minio:9091', 's3:9000'), [written('s3:9000')]);
});

test('writes into any document that has a store, and into the logs of jobs where the base keeps them', () => {
  const other = configMap('notifier', 'base.yaml', 'minio: { awsEndpointUrl: "minio:9091" }');
  const foreign = configMap('values', 'values.yaml', 'minio: { enabled: true }');
  const controller = configMap(
    'controller',
    'base.yaml',
    `controllermgr: {}
minio: { awsEndpointUrl: s3.example.com, secure: true }
jobs: { k8sengine: { mapper: { logPersistence: { storageEndpoint: "minio:9091", s3DisableSSL: true } } } }`,
  );
  const spec = 'objectStore: { endpoint: "https://s3.example.com" }';
  const logs = '/jobs/k8sengine/mapper/logPersistence';
  const field = 'spec.objectStore.endpoint';
  assert.equal(apply(objectStore, spec, controller, other, foreign).edits, [
    `replace ConfigMap controller ${logs}/storageEndpoint "s3.example.com" <- ${field}`,
    `replace ConfigMap controller ${logs}/s3DisableSSL false <- ${field}`,
    `replace ConfigMap notifier /minio/awsEndpointUrl "s3.example.com" <- ${field}`,
    `add ConfigMap notifier /minio/secure true <- ${field}`,
  ]);
});

test('writes into the controller manager as well, each value with its field', () => {
  const controller = configMap('controller', 'base.yaml', 'controllermgr: {}');
  const spec = 'objectStore: { region: eu-central-1, useIam: true }';
  assert.equal(apply(objectStore, spec, withStore('{}'), controller).edits, [
    'add ConfigMap worker /minio/awsRegion "eu-central-1" <- spec.objectStore.region',
    'add ConfigMap worker /minio/useIam true <- spec.objectStore.useIam',
    'add ConfigMap controller /minio {"awsRegion":"eu-central-1"} <- spec.objectStore.region',
    'add ConfigMap controller /minio/useIam true <- spec.objectStore.useIam',
  ]);
});

test('changes nothing where the config says nothing', () => {
  assert.equal(apply(objectStore, '', withStore('{}')).edits, []);
});

test.run();
