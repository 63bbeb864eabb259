import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { viewOf } from '../../src/checks/view.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';

const findingsOf = (text: string) => runChecks(viewOf(splitDocuments(Buffer.from(text)))).findings;

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

test.run();
