import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { findingsIn, foreign, planted } from './support.ts';

const findingsOf = (text: string) =>
  runChecks(surfaceOf(splitDocuments(Buffer.from(text)))).findings;

for (const text of ['', '# nothing\n', 'kind: Namespace\nmetadata: {name: a}\n'])
  test(`says that there was nothing to check in ${JSON.stringify(text)}`, () => {
    assert.equal(
      findingsOf(text).map(({ code }) => code),
      ['nothing-found'],
    );
  });

test('names a document that does not parse, without its content', () => {
  const text = 'kind: Secret\nmetadata:\n  name: keys\ndata:\n  a: "hidden\n';
  const [found, ...others] = findingsOf(`kind: Namespace\n---\n${text}`);
  assert.equal(others, []);
  assert.is(found?.code, 'not-readable');
  assert.is(found?.resource?.name, 'keys');
  assert.match(found?.path ?? '', /^document 2 of the input, line \d+ of it$/);
  assert.not.match(JSON.stringify(found), 'hidden');
});

test('reads lists, JSON and documents without a marker', () => {
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port: 15566 }] },
  });
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service('a')] });
  assert.equal(
    findingsOf(text).map(({ code }) => code),
    ['entry-missing'],
  );
});

const BROKEN: readonly [word: string, key: string, text: string, line: number][] = [
  ['envoy', 'envoy.yaml', 'static_resources: [\n', 2],
  ['ui', 'config.json', '{\n  "apiBaseUrl": "https://studio.ml.acme.io",\n}\n', 3],
  ['worker', 'base.yaml', 'worker:\n  address: a:443\n useTLS: true\n', 3],
  ['controllermgr', 'base.yaml', 'controllermgr:\n  a: "open\n', 3],
];

for (const [word, key, text, line] of BROKEN)
  test(`names a document of a ConfigMap that does not parse: ${word}`, () => {
    const stream = planted(foreign(), (manifests) => {
      const configMap = manifests.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.includes(word),
      );
      configMap.data[key] = text;
    });
    const errors = findingsIn(stream).filter(({ severity }) => severity === 'error');
    assert.equal(
      errors.map(({ code }) => code),
      ['not-readable'],
    );
    assert.match(errors[0]?.resource?.name ?? '', word);
    assert.is(errors[0]?.path, `data[${key}], line ${line} of it`);
  });

test.run();
