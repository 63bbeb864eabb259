/** Resources come and go, and no other resource changes by that. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Batch } from '../../src/manifests/batch.ts';
import { Chunk } from '../../src/manifests/chunk.ts';
import { Manifests } from '../../src/manifests/manifests.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { readResourceList } from '../../src/protocol/resource-list.ts';
import type { JsonObject } from '../../src/yaml/json.ts';
import { printYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);

type Tree = 'resource' | 'nothing' | Tree[];

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: fc.constant('resource' as const), weight: 3 },
    fc.constant('nothing' as const),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
})).tree;

/** Lists in lists, every resource with a name of its own. */
function manifestOf(part: Tree, count: { names: number }): JsonObject {
  if (part === 'nothing') return { apiVersion: 'v1' };
  if (Array.isArray(part))
    return { apiVersion: 'v1', kind: 'List', items: part.map((item) => manifestOf(item, count)) };
  count.names += 1;
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: `r${count.names}` } };
}

const forms: Record<string, (manifests: JsonObject[]) => Batch> = {
  documents: (manifests) =>
    new Batch(
      'documents',
      splitDocuments(Buffer.from(manifests.map((json) => printYaml(json)).join('---\n'))),
    ),
  'items of a ResourceList': (manifests) => {
    const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: manifests };
    const read = readResourceList(Buffer.from(printYaml(list)));
    if (!read) throw new Error('no ResourceList');
    return read.batch;
  },
  'a ResourceList in JSON': (manifests) => {
    const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: manifests };
    return new Batch('list', [new Chunk(Buffer.from(JSON.stringify(list)))]);
  },
};

const namesIn = (chunks: readonly Chunk[]) =>
  new Manifests(chunks).readAll().all.map(({ name }) => name);

for (const [form, batchOf] of Object.entries(forms))
  test(`those that are taken away go, in any order, and no other: ${form}`, () => {
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }),
        (trees, choices) => {
          const count = { names: 0 };
          const batch = batchOf(trees.map((part) => manifestOf(part, count)));
          const { all } = new Manifests(batch.items).readAll();
          fc.pre(all.length > 0);
          const gone = [...new Set(choices.map((choice) => all[choice % all.length]))].filter(
            (resource) => resource !== undefined,
          );
          const wanted = all.filter((resource) => !gone.includes(resource)).map(({ name }) => name);
          batch.remove(gone);
          assert.equal(namesIn([new Chunk(batch.toBytes())].flatMap(reread(form))), wanted);
        },
      ),
      { numRuns, includeErrorInReport: true },
    );
  });

const reread = (form: string) => (chunk: Chunk) =>
  form === 'documents'
    ? splitDocuments(chunk.toBytes())
    : (readResourceList(chunk.toBytes())?.batch.items ?? []);

const added = { kind: 'Added' };

const ends: [name: string, before: string, after: string][] = [
  ['a block that the end of the text ends', 'a: |\n  x', 'a: |-\n  x\n---\nkind: Added\n'],
  ['a line without an end', 'a: x', 'a: x\n---\nkind: Added\n'],
  ['a carriage return', 'a: |\n  x\r', 'a: |\n  x\r---\nkind: Added\n'],
  ['CRLF', 'a: |\r\n  x', 'a: |-\r\n  x\r\n---\r\nkind: Added\r\n'],
  [
    'CRLF in an earlier document',
    'a: 1\r\n---\r\n{}',
    'a: 1\r\n---\r\n{}\r\n---\r\nkind: Added\r\n',
  ],
  ['the end of a document', 'a: |\n  x\n...', 'a: |\n  x\n...\n---\nkind: Added\n'],
  ['a comment', 'a: |+\n  x\n\n# c', 'a: |+\n  x\n\n# c\n---\nkind: Added\n'],
  ['a marker', 'a: 1\n---', 'a: 1\n---\n---\nkind: Added\n'],
  ['nothing', '', '---\nkind: Added\n'],
];
for (const [name, before, after] of ends)
  test(`what is added comes behind ${name}`, () => {
    const batch = new Batch('documents', splitDocuments(Buffer.from(before)));
    batch.add(added);
    assert.is(batch.toBytes().toString(), after);
  });

test.run();
