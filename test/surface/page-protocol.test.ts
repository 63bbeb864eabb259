/** What a page speaks, by the tag of its image. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { pageProtocol } from '../../src/surface/page-protocol.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('protocol of the page');

function spoken(...images: string[]): string | undefined {
  const config = `apiVersion: v1
kind: ConfigMap
metadata: { name: michelangelo-ui, namespace: ml }
data: { config.json: '{ "apiBaseUrl": "https://app.example.com" }' }
`;
  const workloads = images.map(
    (image, index) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ui-${index}, namespace: ml }
spec:
  template:
    spec:
      containers: [{ name: ui, image: "${image}" }]
      volumes: [{ name: config, configMap: { name: michelangelo-ui } }]
`,
  );
  return pageProtocol(surfaceOf(splitDocuments(Buffer.from([config, ...workloads].join('---\n')))));
}

for (const [tag, expected] of [
  ['0.1.9', 'gRPC-Web'],
  ['0.2.1', 'gRPC-Web'],
  ['v0.2.1', 'gRPC-Web'],
  ['0.2.2', undefined],
  ['0.3.0', undefined],
  ['0.4.0', 'JSON'],
  ['1.0.0', 'JSON'],
  ['sha-3c32884', 'gRPC-Web'],
  ['sha-0000000', undefined],
  ['latest', undefined],
] as const)
  test(`${tag}: ${expected ?? 'nobody can tell'}`, () => {
    assert.is(spoken(`ghcr.io/michelangelo-ai/ui:${tag}`), expected);
  });

test('only what is called a page of Michelangelo, and the same of all', () => {
  assert.is(spoken('example.com/michelangelo/ui:0.4.0'), 'JSON');
  assert.is(spoken('example.com/michelangelo-ui:0.4.0@sha256:00'), 'JSON');
  assert.is(spoken('example.com/shop/ui:0.4.0'), undefined);
  assert.is(spoken('example.com/michelangelo/gui:0.4.0'), undefined);
  const [old, young] = ['0.2.0', '0.4.0'].map((tag) => `ghcr.io/michelangelo-ai/ui:${tag}`);
  assert.is(spoken(`${old}`, `${old}`), 'gRPC-Web');
  assert.is(spoken(`${old}`, `${young}`), undefined);
});

test.run();
