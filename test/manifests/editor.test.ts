import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Chunk } from '../../src/manifests/chunk.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { resourcesOf } from '../../src/manifests/resource.ts';
import type { Operation } from '../../src/yaml/json-patch.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

function edit(
  text: string,
  ...edits: [document: string | undefined, operation: Operation][]
): string {
  const chunk = new Chunk(Buffer.from(text));
  const { resources } = resourcesOf(chunk);
  const resource = resources[0];
  if (!resource) throw new Error('no resource');
  applyEdits(
    edits.map(([document, operation]) => ({ resource, document, operation, field: 'spec' })),
  );
  return chunk.text;
}

const replace = (path: string, value: string | number): Operation => ({
  op: 'replace',
  path,
  value,
});

const outer = (scalar: string) => `kind: ConfigMap # a\ndata:\n  a.yaml: ${scalar}\n  z:   last\n`;
const rows: [name: string, before: string, after: string][] = [
  ['a literal block', '|\n    a: old # c\n\n    b: 2', '|\n    a: new # c\n\n    b: 2'],
  ['a literal block without a line feed at its end', '|-\n    a: old', '|-\n    a: new'],
  ['an indentation indicator', '|2\n       # c\n    a: old', '|2\n       # c\n    a: new'],
  ['double quotes', '"a: old\\nb: \\u00e9 \\"\\n"', '"a: new\\nb: é \\"\\n"'],
  ['CRLF in double quotes', '"a: old\\r\\nb: 1\\r\\n"', '"a: new\\r\\nb: 1\\r\\n"'],
  [
    'double quotes over several lines',
    '"a: old\\nb: some long\n    text\\nc: \\\n    \\ 1\\n"',
    '"a: new\\nb: some long text\\nc:  1\\n"',
  ],
  ['single quotes', "'a: old # it''s'", "'a: new # it''s'"],
  [
    'single quotes over several lines, which become double ones',
    "'a: old\n\n    b: 1'",
    '"a: new\\nb: 1"',
  ],
  [
    'a literal block with space on its blank lines',
    '|\n    a: old\n  \n    b: 1\n    \n    c: 2',
    '|\n    a: new\n  \n    b: 1\n    \n    c: 2',
  ],
  [
    'a folded block, which becomes a literal one',
    '> # c\n    a: old\n\n    b: 1',
    '| # c\n    a: new\n    b: 1',
  ],
];
for (const [name, before, after] of rows)
  test(`edits a document in ${name}`, () => {
    assert.is(edit(outer(before), ['a.yaml', replace('/a', 'new')]), outer(after));
  });

test('what a block cannot hold any more changes its header only', () => {
  const before = outer('|\n    a: |+\n      x\n\n    b: 1');
  const after = edit(before, ['a.yaml', { op: 'remove', path: '/b' }]);
  assert.is(after, outer('|+\n    a: |+\n      x\n'));
});

test('edits of a resource and of its documents go together', () => {
  const text = 'kind: ConfigMap\ndata:\n  a.yaml: |\n    a: 1\n  b.json: \'{"a": 1}\'\n';
  const after = edit(
    text,
    ['a.yaml', replace('/a', 2)],
    [undefined, { op: 'add', path: '/metadata', value: { name: 'x' } }],
    ['b.json', replace('/a', 3)],
    ['a.yaml', { op: 'add', path: '/b', value: 4 }],
  );
  assert.is(
    after,
    'kind: ConfigMap\ndata:\n  a.yaml: |\n    a: 2\n    b: 4\n  b.json: \'{"a": 3}\'\nmetadata:\n  name: x\n',
  );
});

test('a document that two keys share through an alias is edited in one of them', () => {
  const text = 'kind: ConfigMap\ndata:\n  a.yaml: &x |\n    a: 1\n  b.yaml: *x\n';
  const after = parseYaml(edit(text, ['b.yaml', replace('/a', 2)])).json;
  assert.equal(after, { kind: 'ConfigMap', data: { 'a.yaml': 'a: 1\n', 'b.yaml': 'a: 2\n' } });
  const first = parseYaml(edit(text, ['a.yaml', replace('/a', 2)])).json;
  assert.equal(first, { kind: 'ConfigMap', data: { 'a.yaml': 'a: 2\n', 'b.yaml': 'a: 1\n' } });
});

test('tells the old value of each edit, and none for an insertion', () => {
  const chunk = new Chunk(Buffer.from('kind: A\nl: [1]\n'));
  const [resource] = resourcesOf(chunk).resources;
  if (!resource) throw new Error('no resource');
  const of = (operation: Operation) => ({
    resource,
    document: undefined,
    operation,
    field: 'spec',
  });
  const applied = applyEdits([
    of(replace('/l/0', 2)),
    of({ op: 'add', path: '/l/0', value: 3 }),
    of({ op: 'remove', path: '/l/1' }),
  ]);
  assert.equal(
    applied.map(({ old }) => old),
    [1, undefined, 2],
  );
  assert.is(chunk.text, 'kind: A\nl: [3]\n');
});

test('bytes that are not UTF-8 pass where nothing changes', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x0a]);
  assert.ok(new Chunk(bytes).toBytes().equals(bytes));
});

test.run();
