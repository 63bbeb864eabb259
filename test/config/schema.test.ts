import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wholeSchema as schema } from '../../src/build/whole-schema.ts';
import { FORMATS } from '../../src/config/formats.ts';
import type { Schema } from '../../src/config/schema.ts';

const FREE_MAPS = ['Labels', 'Annotations', 'TextMap', 'Acme.solver'];

function* objects(node: Schema, name: string): Generator<[string, Schema]> {
  if ([node.type].flat().includes('object')) yield [name, node];
  for (const [key, child] of Object.entries(node.properties ?? {}))
    yield* objects(child, `${name}.${key}`);
}
const definitions = Object.entries({ ...schema.definitions, DomainConfig: schema });
const all = definitions.flatMap(([name, node]) => [...objects(node, name)]);

test('refuses unknown keys everywhere but in free maps', () => {
  const open = all.filter(([, node]) => node.additionalProperties !== false).map(([name]) => name);
  assert.equal(open.sort(), [...FREE_MAPS].sort());
});

test('describes every field in one sentence or more', () => {
  for (const [name, node] of all)
    for (const [key, field] of Object.entries(node.properties ?? {})) {
      const target = field.$ref?.replace('#/definitions/', '') ?? '';
      const description = field.description ?? schema.definitions?.[target]?.description ?? '';
      assert.match(description, /^[A-Za-z`].*\.$/, `${name}.${key}`);
    }
});

test('names no format but those that are checked', async () => {
  const file = new URL('../../src/config/domain-config.schema.json', import.meta.url);
  const text = await readFile(file, 'utf8');
  const named = [...text.matchAll(/"format": "([^"]+)"/g)].map(([, format]) => format);
  assert.equal([...new Set(named)].sort(), Object.keys(FORMATS).sort());
});

test('is compiled into a validator that loads nothing', async () => {
  const file = new URL('../../src/config/generated/validate.js', import.meta.url);
  const text = await readFile(file, 'utf8');
  assert.not.match(text, /\brequire\(|\bimport\b|new Function|node_modules/);
});

test.run();
