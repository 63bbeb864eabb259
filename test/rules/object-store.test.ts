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

test('writes host and port where host and port stand', () => {
  assert.equal(endpoint('minio:9091', 'https://s3.example.com:9000/'), [
    written('s3.example.com:9000'),
  ]);
});

test('writes a URL where a URL stands', () => {
  assert.equal(endpoint('http://minio:9091', 'https://s3.example.com'), [
    written('https://s3.example.com'),
  ]);
});

test('keeps the scheme where the config gives none', () => {
  assert.equal(endpoint('http://minio:9091', 's3:9000'), [written('http://s3:9000')]);
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

test('follows the scheme with secure, and never adds the key', () => {
  const spec = 'objectStore: { endpoint: "https://s3.example.com" }';
  const known = withStore('{ awsEndpointUrl: s3.example.com, secure: false }');
  assert.equal(apply(objectStore, spec, known).edits, [
    'replace ConfigMap worker /minio/secure true <- spec.objectStore.endpoint',
  ]);
  assert.equal(apply(objectStore, spec, withStore('{ awsEndpointUrl: s3.example.com }')).edits, []);
});

test('changes nothing where the config says nothing', () => {
  assert.equal(apply(objectStore, '', withStore('{}')).edits, []);
});

test.run();
