/** Names of Services in configs, where a prefix has reached the Services alone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { peersLeftBehind } from '../../src/surface/faults/peer-names.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('names of peers');

const messages = (engine: string, services: string) =>
  peersLeftBehind(
    surfaceOf(
      splitDocuments(
        Buffer.from(`
apiVersion: v1
kind: ConfigMap
metadata: { name: worker-config, namespace: ml }
data:
  base.yaml: |
    worker: { address: "api.example.com:443" }
    workflow-engine: { host: "${engine}" }
---
${services}`),
      ),
    ),
  ).map(({ message, path }) => `${path}: ${message}`);

const service = (name: string, port: number, namespace = 'ml') => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ports: [{ port: ${port} }] }
---
`;

test('names the Service that has the name with a prefix, and the port', () => {
  assert.equal(messages('cadence:7833', service('blue-cadence', 7833)), [
    'data[base.yaml].workflow-engine.host: the workflow engine is cadence:7833, and there is no Service cadence here; blue-cadence has that port',
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

test.run();
