/** Which container starts from which document. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { envoyBootstraps } from '../../src/surface/envoy-bootstraps.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { configMap } from '../rules/support.ts';

const test = suite("Envoy's documents");

test('of two Envoys that mount both documents each reads its own', () => {
  const container = (name: string, document: string) =>
    `{ name: ${name}, image: envoyproxy/envoy, args: [-c, /${document}/envoy.yaml], volumeMounts: [{ name: a, mountPath: /a }, { name: b, mountPath: /b }] }`;
  const pod = `apiVersion: v1
kind: Pod
metadata: { name: proxies }
spec:
  containers: [${container('of-b', 'b')}, ${container('of-a', 'a')}]
  volumes: [{ name: a, configMap: { name: a } }, { name: b, configMap: { name: b } }]
`;
  const documents = ['a', 'b'].map((name) =>
    configMap(name, 'envoy.yaml', 'static_resources: { clusters: [] }'),
  );
  const text = [...documents, pod].join('---\n');
  const found = envoyBootstraps(surfaceOf(splitDocuments(Buffer.from(text))));
  assert.equal(
    found.map(({ target, reader }) => [target.resource.name, reader?.container['name']]),
    [
      ['a', 'of-a'],
      ['b', 'of-b'],
    ],
  );
});

test.run();
