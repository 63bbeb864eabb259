import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { locate } from '../../src/yaml/locate.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

const text = `apiVersion: v1
kind: ConfigMap
metadata:
  annotations: {a.b/c: x}
data:
  config.yaml: |
    # first

    worker:
      address: a:1
  list:
    - a
    - b: 1
`;
const at = (path: string) => {
  const place = locate(parseYaml(text), path);
  return place && `${place.line}:${place.column}`;
};

for (const [path, place] of [
  ['kind', '2:1'],
  ['metadata.annotations[a.b/c]', '4:17'],
  ['data.list[1].b', '13:7'],
  ['data[config.yaml].worker.address', '10:7'],
  // What is not there stands in what is around it.
  ['data[config.yaml].worker.useTLS', '9:5'],
  ['metadata.labels.app', '3:1'],
  ['spec', undefined],
] as const)
  test(path, () => {
    assert.is(at(path), place);
  });

test('finds many places in the document of a block', () => {
  const keys = Array.from({ length: 500 }, (_, index) => `key${index}`);
  const lines = keys.map((key) => `    ${key}: { some: [text, of, a, config] }\n`);
  const parsed = parseYaml(`data:\n  config.yaml: |\n${lines.join('')}`);
  assert.equal(
    keys.map((key) => locate(parsed, `data[config.yaml].${key}.some`)?.line),
    keys.map((_, index) => index + 3),
  );
});

test.run();
