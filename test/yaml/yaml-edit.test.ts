import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EmbeddedDocument } from '../../src/manifests/embedded-document.ts';
import { carryOut } from '../../src/yaml/carry-out.ts';
import type { Operation } from '../../src/yaml/json-patch.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

function edit(text: string, operations: Operation[], key = 'config.yaml'): string {
  const document = new EmbeddedDocument(key, text);
  assert.is(document.problem, undefined);
  return carryOut(document.parsed, operations, document.language, document.parse).text;
}

type Row = [name: string, before: string, operations: Operation[], after: string];

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value }) as Operation;
const add = (path: string, value: unknown) => ({ op: 'add', path, value }) as Operation;
const remove = (path: string): Operation => ({ op: 'remove', path });

const scalars: Row[] = [
  [
    'keeps the comment beside worker.address',
    'worker:\n  address:   old:1   # the API\n  useTLS: false # plain\n',
    [replace('/worker/address', 'api.x:443'), replace('/worker/useTLS', true)],
    'worker:\n  address:   api.x:443   # the API\n  useTLS: true # plain\n',
  ],
  [
    'a quoted scalar keeps its quotes',
    `a: 'x'\nb: "y"\n`,
    [replace('/a', "it's"), replace('/b', 'z')],
    `a: 'it''s'\nb: "z"\n`,
  ],
  [
    'a string that reads as something else gets quotes',
    'a: x\n',
    [replace('/a', 'yes')],
    'a: "yes"\n',
  ],
  ['a number of YAML 1.2 gets quotes', 'a: x\n', [replace('/a', '0o7')], 'a: "0o7"\n'],
  [
    'a literal block stays one',
    'a: | # c\n  x\n  y\nb: 1\n',
    [replace('/a', 'z\n\nw\n')],
    'a: | # c\n  z\n\n  w\nb: 1\n',
  ],
  [
    'a literal block says its own indentation where its header said another',
    'a: |1\nb: |4\nc: |2\n   x\n',
    [replace('/a', ' x\n'), replace('/b', 'x\n'), replace('/c', '  y\n')],
    'a: |2\n   x\nb: |\n  x\nc: |2\n    y\n',
  ],
  [
    'a folded block of one line stays one',
    'a: >-\n  x\n  y\nb: 1\n',
    [replace('/a', 'z')],
    'a: >-\n  z\nb: 1\n',
  ],
  ['a number takes the place of a block', 'a: |\n  x\nb: 1\n', [replace('/a', 5)], 'a: 5\nb: 1\n'],
  ['a tag goes with its value', 'a: !!str 5 # c\n', [replace('/a', 6)], 'a: 6 # c\n'],
  [
    'a value comes where there is none',
    'a:\nb: # c\n',
    [replace('/a', 1), replace('/b', 'x')],
    'a: 1\nb: x # c\n',
  ],
  [
    'a template outside of the change survives',
    'a: {{.A}}:80\n{{.K}}: {{ .B }}\nc: ${D:e}\n',
    [replace('/c', '{{.X}}')],
    'a: {{.A}}:80\n{{.K}}: {{ .B }}\nc: "{{.X}}"\n',
  ],
  ['a key with a template is found', '{{.K}}: 1\n', [replace('/{{.K}}', 2)], '{{.K}}: 2\n'],
  [
    'CRLF stays',
    'a: 1\r\nb:\r\n  c: 2\r\n',
    [replace('/a', 3), add('/b/d', { e: 4 })],
    'a: 3\r\nb:\r\n  c: 2\r\n  d:\r\n    e: 4\r\n',
  ],
  [
    'a byte order mark stays',
    '\ufeff- a\n- b\n',
    [replace('/0', 'c'), add('/-', 'd')],
    '\ufeff- c\n- b\n- d\n',
  ],
  [
    'a text without a line feed at the end stays one',
    'a: 1\nb: 2',
    [add('/c', 3)],
    'a: 1\nb: 2\nc: 3',
  ],
  ['removing its last line does not add one', 'a: 1\nb: 2', [remove('/b')], 'a: 1'],
  [
    'removing its last lines takes the blank line between them along',
    'a: 1\nb: 2\n\nc: 3',
    [remove('/b'), remove('/c'), replace('/a', 4)],
    'a: 4',
  ],
];

const untouched = '0o777, 0777, 1_000, 12345678901234567890, yes, on, ~, 1.10, 2001-01-01'.split(
  ', ',
);
for (const source of untouched)
  scalars.push([
    `${source} beside a change is untouched`,
    `a: ${source}\nb: 1\n`,
    [replace('/b', 2), add('/c', 3)],
    `a: ${source}\nb: 2\nc: 3\n`,
  ]);

const collections: Row[] = [
  [
    'the first entry of a block goes',
    'm:\n  a: 1 # a\n  # about b\n  b: 2\n',
    [remove('/m/a')],
    'm:\n  # about b\n  b: 2\n',
  ],
  [
    'the last entry of a block goes',
    'm:\n  a: 1 # a\n  b: 2 # b\nn: 3\n',
    [remove('/m/b')],
    'm:\n  a: 1 # a\nn: 3\n',
  ],
  [
    'the only entry of a block goes',
    'm: # about m\n  a: 1\nn: 3\n',
    [remove('/m/a')],
    'm: {} # about m\nn: 3\n',
  ],
  ['the only item of a list goes', 'm:\n- a\nn: 3\n', [remove('/m/0')], 'm: []\nn: 3\n'],
  ['the only entry of a document goes', 'a: 1\n', [remove('/a')], '{}\n'],
  [
    'entries of a flow map go',
    'm: {a: 1, b: 2, c: 3}\n',
    [remove('/m/a'), remove('/m/c')],
    'm: {b: 2}\n',
  ],
  ['the only entry of a flow map goes', 'm: { a: 1 } # c\n', [remove('/m/a')], 'm: {} # c\n'],
  [
    'a comment in a flow list stays with its item',
    'm: [\n  a, # a\n  b # b\n]\n',
    [add('/m/-', 'c')],
    'm: [\n  a, # a\n  b, # b\n  c\n]\n',
  ],
  [
    'the first key on the line of a dash goes',
    '- a: 1 # a\n  # about b\n  b: 2\n- c\n',
    [remove('/0/a')],
    '-\n  # about b\n  b: 2\n- c\n',
  ],
  [
    'an item comes before the comment of the next',
    '# list\n\n# about a\n- a\n# about b\n- b\n',
    [add('/0', 'x'), add('/2', 'w')],
    '# list\n\n- x\n# about a\n- a\n- w\n# about b\n- b\n',
  ],
  [
    'an entry is added to an empty map',
    'm: {} # c\n',
    [add('/m/a', 1), add('/m/b', [2])],
    'm: {a: 1, b: [2]} # c\n',
  ],
  [
    'an item is added to an empty list',
    'm: []\n',
    [add('/m/-', { a: 'x, y' })],
    'm: [{a: "x, y"}]\n',
  ],
  [
    'null becomes a map',
    'm: # c\nn: ~\n',
    [replace('/m', { a: 1 }), replace('/n', [1])],
    'm: # c\n  a: 1\nn:\n  - 1\n',
  ],
  [
    'an empty document gets its first entry',
    '# nothing yet',
    [add('/a', 1)],
    '# nothing yet\na: 1\n',
  ],
  [
    'lists in lists',
    '- - a\n  - b\n- - - c\n',
    [add('/0/0', 'x'), remove('/0/2'), add('/1/0/-', 'd')],
    '- - x\n  - a\n- - - c\n    - d\n',
  ],
  [
    'a list that is not indented',
    'm:\n- a: 1\nn: 2\n',
    [add('/m/-', { b: 3 }), add('/m/0/c', 4)],
    'm:\n- a: 1\n  c: 4\n- b: 3\nn: 2\n',
  ],
  [
    'complex keys are left alone',
    '? [x, y]\n: 1\n? b\n: 2\n? c\nd: 3\n',
    [replace('/b', 4), replace('/c', 5), remove('/d')],
    '? [x, y]\n: 1\n? b\n: 4\n? c\n: 5\n',
  ],
  ['a pair in a flow list', 'm: [a: 1, b]\n', [add('/m/0/c', 2)], 'm: [{a: 1, c: 2}, b]\n'],
  [
    'a comment stays beside the key of a new map',
    'a: 1 # c\nb: 2\n',
    [replace('/a', { x: 'w' })],
    'a: # c\n  x: w\nb: 2\n',
  ],
  [
    'a block that keeps its lines keeps them',
    'a: |+\n  x\n\nb: 1\n',
    [remove('/b'), add('/c', 2)],
    'a: |+\n  x\n\nc: 2\n',
  ],
];

const anchors: Row[] = [
  [
    'the anchor moves to the first alias',
    'a: &x 1\nb: *x\nc: *x\n',
    [replace('/a', 2)],
    'a: 2\nb: &x 1\nc: *x\n',
  ],
  [
    'an edit through an alias gives that place its own copy',
    'a: &x {k: 1, l: 2}\nb: *x\nc: *x\n',
    [replace('/b/k', 3)],
    'a: &x {k: 1, l: 2}\nb: {k: 3, l: 2}\nc: *x\n',
  ],
  [
    'an alias itself is replaced',
    'a: &x 1\nb: *x # c\n',
    [replace('/b', 'w')],
    'a: &x 1\nb: w # c\n',
  ],
  [
    'a removed anchor moves as well',
    'a:\n  b: &x 1\n  c: 2\nd: *x\n',
    [remove('/a/b')],
    'a:\n  c: 2\nd: &x 1\n',
  ],
  [
    'a key of a merge is overridden',
    'a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n',
    [replace('/b/k', 3)],
    'a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n  k: 3\n',
  ],
  [
    'a key of a merge is removed',
    'a: &x {k: 1, m: 0o7}\nb:\n  <<: *x\n  l: 2\n',
    [remove('/b/k')],
    'a: &x {k: 1, m: 0o7}\nb:\n  m: 0o7\n  l: 2\n',
  ],
  [
    'big integers keep their digits in a copy',
    'a: &x {k: 12345678901234567890, s: yes, o: 0o777}\nb: *x\n',
    [add('/b/m', 1)],
    'a: &x {k: 12345678901234567890, s: yes, o: 0o777}\nb: {k: 12345678901234567890, s: yes, o: 0o777, m: 1}\n',
  ],
];

for (const [name, before, operations, after] of [...scalars, ...collections, ...anchors])
  test(name, () => assert.is(edit(before, operations), after));

const json: Row[] = [
  [
    'JSON with tabs',
    '{\n\t"a": "x",\n\t"l": [\n\t\t1\n\t]\n}\n',
    [replace('/a', 'y'), add('/b', 'z'), add('/l/-', 2)],
    '{\n\t"a": "y",\n\t"l": [\n\t\t1,\n\t\t2\n\t],\n\t"b": "z"\n}\n',
  ],
  [
    'JSON with CRLF',
    '{\r\n  "a": 1\r\n}\r\n',
    [add('/b', { c: [null] })],
    '{\r\n  "a": 1,\r\n  "b": {"c": [null]}\r\n}\r\n',
  ],
  [
    'JSON on one line',
    '{"a":1,"b":[]}',
    [replace('/a', '\u2028'), add('/b/-', true), remove('/a')],
    '{"b":[true]}',
  ],
  [
    'JSON with escapes',
    '{"a\\u0062": "\\ud83d\\ude00\\/"}',
    [add('/c', 1)],
    '{"a\\u0062": "\\ud83d\\ude00\\/", "c": 1}',
  ],
];
for (const [name, before, operations, after] of json)
  test(name, () => assert.is(edit(before, operations, 'config.json'), after));

test('each repeated key has its place, at any depth, in the order of the text', () => {
  const text = 'a:\n  - {b: 1, "b": 2}\n  - b: {}\n~: 1\na: 2\nnull: 3\n? [x]\n? [x]\n';
  assert.equal(
    parseYaml(text).problems.map(({ line, column, what }) => `${line}:${column} ${what}`),
    ['2:12 duplicate key', '5:1 duplicate key', '6:1 duplicate key'],
  );
});

test('duplicate keys are a problem, not a guess', () => {
  assert.is(new EmbeddedDocument('a.yaml', 'a: 1\na: 2\n').problem?.what, 'duplicate key');
  assert.is(new EmbeddedDocument('a.json', '{"a": 1, "a": 2}').problem?.what, 'duplicate key');
});

test('a path that leads nowhere is an error that names it', () => {
  assert.throws(() => edit('a: 1\n', [remove('/b')]), /cannot apply remove \/b:/);
  assert.throws(() => edit('a: 1\n', [replace('/b/c', 1)]), /cannot apply replace \/b\/c:/);
});

test.run();
