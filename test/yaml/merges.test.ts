/** Merges of something that is no map: a fault of the document, as to Kubernetes' readers, and not one of the program. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/errors.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { callFunction } from '../../src/report/call.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

const merges = suite('merges');

for (const value of ['text', '[1, 2]', '', '[{a: 1}, text]', '[[{a: 1}]]', '*list', '[*list]'])
  merges(`<<: ${value}`, () => {
    const { json, problems } = parseYaml(`list: &list [{a: 1}]\nb:\n  <<: ${value}\n`);
    assert.is(json, undefined);
    assert.equal(problems, [
      { line: 3, column: 3, what: 'a merge of something that is not a map' },
    ]);
  });

for (const value of ['*map', '{a: 1}', '[*map, {b: 1}]', '[]', '{}'])
  merges(`<<: ${value} is one`, () => {
    assert.equal(parseYaml(`map: &map {a: 1}\nb:\n  <<: ${value}\n`).problems, []);
  });

const read = (file: string) =>
  readFileSync(new URL(`../cases/tls-acme/${file}`, import.meta.url), 'utf8');

merges('in a resource, in a document and in a config', () => {
  const [config, input] = [read('config.yaml'), read('input.yaml')];
  const plain = '<<: api.old.example.com\n';
  for (const text of [
    `${input}---\nkind: X\n${plain}`,
    `${input}---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\ndata:\n  a.yaml: |\n    ${plain}`,
    input.replace(/^( +)(address: api\.)/m, `$1${plain}$1$2`),
  ]) {
    const { result } = callFunction(config, Buffer.from(text));
    assert.not.match(formatProblems(result.problems), '[internal]');
    runChecks(surfaceOf(splitDocuments(Buffer.from(text))));
  }
  const { problems } = loadConfig(`${config}  ${plain}`);
  assert.match(formatProblems(problems), 'a merge of something that is not a map at line');
});

merges.run();
