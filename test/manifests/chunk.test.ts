import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Chunk, MOST_TREES } from '../../src/manifests/chunk.ts';
import { Draft } from '../../src/manifests/edit.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { type Resource, resourcesOf } from '../../src/manifests/resource.ts';

const textOf = (index: number) => `kind: ConfigMap\nmetadata:\n  name: n${index} # stays\n`;

test('a chunk whose tree was given up for others says the same, and is edited like any other', () => {
  const chunks = Array.from({ length: MOST_TREES + 2 }, (_, index) => {
    return new Chunk(Buffer.from(textOf(index)));
  });
  const resources = chunks.map((chunk) => resourcesOf(chunk).resources[0] as Resource);
  const [first, ...others] = chunks as [Chunk, ...Chunk[]];
  const { json } = first;
  assert.is(json, resources[0]?.json);
  const draft = new Draft(resources[0] as Resource);
  draft.set(['metadata', 'name'], 'other', 'spec.domain');
  draft.set(['metadata', 'namespace'], 'here', 'spec.domain');
  applyEdits(draft.edits);
  assert.is(
    first.toBytes().toString(),
    'kind: ConfigMap\nmetadata:\n  name: other # stays\n  namespace: here\n',
  );
  assert.is(first.parsed.problems.length, 0);
  for (const [index, chunk] of others.entries())
    assert.is(chunk.toBytes().toString(), textOf(index + 1));
});

test('a broken chunk stays broken', () => {
  const broken = new Chunk(Buffer.from('a: [\n'));
  const { problems } = broken.parsed;
  assert.is(problems.length > 0, true);
  for (let index = 0; index <= MOST_TREES; index += 1)
    assert.is(new Chunk(Buffer.from(textOf(index))).parsed.problems.length, 0);
  assert.is(broken.json, undefined);
  assert.equal(broken.parsed.problems, problems);
});

test('a chunk that nobody needs any more goes with its tree', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const made = () => {
    const chunk = new Chunk(Buffer.from(textOf(0)));
    assert.is(chunk.parsed.problems.length, 0);
    return new WeakRef(chunk);
  };
  const known = made();
  // What a weak reference was asked for stays until the end of the job.
  await setImmediate();
  collectGarbage();
  assert.is(known.deref(), undefined);
});

test.run();
