import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { placeholderProblems } from '../../src/rules/placeholder.ts';
import { configMap } from './support.ts';

const test = suite('placeholder');

const problems = (text: string) => placeholderProblems(splitDocuments(Buffer.from(text)));
const places = (text: string) => problems(text).map(({ path, found }) => [path, found]);

test('points at the place in a document', () => {
  assert.equal(places(configMap('a', 'x.yaml', 'list: [{ url: "https://DOMAIN_NOT_SET/" }]')), [
    ['data[x.yaml].list.0.url', 'DOMAIN_NOT_SET'],
  ]);
});

test('names every place of a resource in one problem', () => {
  const text = configMap('a', 'x.yaml', 'one: DOMAIN_NOT_SET\ntwo: DOMAIN_NOT_SET');
  assert.equal(places(text), [
    ['data[x.yaml].one', 'DOMAIN_NOT_SET, and again at data[x.yaml].two'],
  ]);
});

test('finds it in keys, custom resources and texts that are no document', () => {
  const text = `kind: Widget
metadata: { name: w, annotations: { DOMAIN_NOT_SET/x: "" } }
---
${configMap('a', 'x.conf', 'server_name DOMAIN_NOT_SET;')}`;
  assert.equal(
    problems(text).map(({ path }) => path),
    ['metadata.annotations.DOMAIN_NOT_SET/x', 'data.x.conf'],
  );
});

test('does not let a document pass that cannot be read', () => {
  const text = `kind: ConfigMap\nmetadata:\n  name: broken\ndata:\n  url: https://DOMAIN_NOT_SET\nmore:\n- ]\n`;
  const [problem, ...others] = problems(text);
  assert.equal(others, []);
  assert.is(problem?.code, 'placeholder-left');
  assert.equal(problem?.resource, { apiVersion: '', kind: 'ConfigMap', name: 'broken' });
  assert.match(problem?.found ?? '', 'line 7');
});

test('lets comments pass', () => {
  assert.equal(
    places(`# DOMAIN_NOT_SET\n${configMap('a', 'x.yaml', '# DOMAIN_NOT_SET\na: b')}`),
    [],
  );
});

test('shows nothing of what stands around it', () => {
  const secret =
    'kind: Secret\nmetadata: { name: s }\nstringData: { url: "https://hunter2@DOMAIN_NOT_SET" }\n';
  assert.not.match(JSON.stringify(problems(secret)), 'hunter2');
  assert.equal(places(secret), [['stringData.url', 'DOMAIN_NOT_SET']]);
});

test.run();
