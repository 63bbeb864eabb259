import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { referencePage } from '../../src/build/reference-page.ts';
import { listFields, type SchemaNode } from '../../src/build/schema-fields.ts';
import { PROBLEM_CODES } from '../../src/errors.ts';

const schema: SchemaNode = JSON.parse(
  readFileSync(join(packageRoot, 'src/config/generated/domain-config.schema.json'), 'utf8'),
);

const fields = suite('fields of a schema');

const port: SchemaNode = { type: 'integer', minimum: 1, maximum: 65535 };
const address: SchemaNode = {
  type: 'object',
  required: ['host'],
  properties: {
    host: { type: 'string', description: 'Name or address. Default `a.b`; none without c.' },
    port: { $ref: '#/definitions/Port', description: 'Its port.', default: 443 },
  },
};
const example: SchemaNode = {
  definitions: { Port: port, Address: address },
  properties: {
    one: { $ref: '#/definitions/Address' },
    many: { type: 'array', items: { $ref: '#/definitions/Address' } },
    mode: { enum: ['x', 'y', 'z'] },
    either: {
      oneOf: [{ const: 'off' }, { type: 'object', properties: { on: { type: 'string' } } }],
    },
  },
};
const listed = new Map(listFields(example).map((field) => [field.path, field]));

fields('come in the order of the schema, each definition once', () => {
  assert.equal(
    [...listed.keys()],
    ['one', 'one.host', 'one.port', 'many', 'mode', 'either', 'either.on'],
  );
  assert.is(listed.get('many')?.sameAs, 'one');
});

fields('tell what may stand there', () => {
  assert.is(listed.get('one.port')?.values, 'integer, 1 to 65535');
  assert.is(listed.get('many')?.values, 'list of object');
  assert.is(listed.get('mode')?.values, '`x`, `y` or `z`');
  assert.is(listed.get('either')?.values, '`off` or object');
});

fields('have their default from the schema or from its sentence', () => {
  assert.is(listed.get('one.port')?.standard, '`443`');
  assert.is(listed.get('one.host')?.standard, '`a.b`; none without c');
  assert.is(listed.get('one.host')?.description, 'Name or address.');
  assert.is(listed.get('one.host')?.required, true);
});

fields('refuse a reference to nothing', () => {
  assert.throws(
    () => listFields({ properties: { a: { $ref: '#/definitions/None' } } }),
    /refers to #\/definitions\/None/,
  );
});

fields('of the project all have a description', () => {
  const bare = listFields(schema).filter(({ description }) => description === '');
  assert.equal(
    bare.map(({ path }) => path),
    [],
  );
});

fields.run();

const page = suite('reference page');
const text = referencePage(schema);

page('has every field', () => {
  for (const { path } of listFields(schema).filter(({ path }) => path.startsWith('spec.'))) {
    const name = path.slice('spec.'.length);
    assert.ok(text.includes(`| \`${name}\` |`) || text.includes(`\n### ${path}\n`), path);
  }
});

page('has every problem code with its meaning', () => {
  for (const [code, meaning] of Object.entries(PROBLEM_CODES))
    assert.ok(text.includes(`| \`${code}\` | ${meaning} |`), code);
});

page('has tables whose rows are all as long as their heads', () => {
  for (const table of text.split(/\n\n+/).filter((block) => block.startsWith('|'))) {
    const widths = table
      .trim()
      .split('\n')
      .map((row) => row.replaceAll('\\|', '').split('|').length);
    assert.is(new Set(widths).size, 1, table.slice(0, 200));
  }
});

page.run();
