/** How a worker calls the API where no entry says what its host is, and the Service that it names. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { serviceFaults } from '../../src/surface/faults/service-pods.ts';
import { workerFault } from '../../src/surface/faults/worker-address.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('calls of the API inside the cluster');

const surface = (...documents: string[]) =>
  surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))));
const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ml }
spec: { selector: { app: ${name} }, ports: [{ name: grpc, port: 15566 }] }
`;
const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: main, ports: [{ containerPort: 15566 }] }] }
`;
const worker = (address: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: michelangelo-worker, namespace: ml }
data: { base.yaml: "worker: { address: '${address}' }" }
`;
const API = 'michelangelo-apiserver';

test('a name that no Service has is a fault, whether it says its namespace or not', () => {
  const faults = (address: string) => {
    const found = surface(service(API), worker(address));
    return found.workers.map((target) => workerFault(target, found)?.message);
  };
  const missing = (name: string) => [`there is no Service ${name} that leads to the API server`];
  assert.equal(faults('michelangelo-api:15566'), missing('michelangelo-api'));
  assert.equal(faults('michelangelo-api.ml.svc:15566'), missing('michelangelo-api'));
  assert.equal(faults('michelangelo-api.elsewhere.svc:15566'), [undefined]);
  assert.equal(faults(`${API}:15566`), [undefined]);
});

test('a selector without pods is an error beside pods that no Service picks, and a warning where each has its own', () => {
  const severities = (...documents: string[]) =>
    serviceFaults(surface(service(API), ...documents)).map(({ severity }) => severity ?? 'error');
  assert.equal(severities(deployment('storage')), ['error']);
  assert.equal(severities(deployment('storage'), service('storage')), ['warning']);
});

test.run();
