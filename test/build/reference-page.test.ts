import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { referencePage } from '../../src/build/reference-page.ts';
import { listFields } from '../../src/build/schema-fields.ts';
import { PROBLEM_CODES } from '../../src/errors.ts';

const fields = suite('fields of the schema');
const all = listFields();
const listed = new Map(all.map((field) => [field.path, field]));

fields('come in the order of the schema, each definition once', () => {
  const entry = all.map(({ path }) => path).filter((path) => path.startsWith('spec.entry'));
  assert.equal(entry.slice(0, 3), [
    'spec.entry',
    'spec.entry.ingress',
    'spec.entry.ingress.controller',
  ]);
  assert.is(listed.get('spec.entry.api.ingress')?.sameAs, 'spec.entry.ingress');
  assert.not.ok(listed.has('spec.entry.api.ingress.controller'));
});

fields('tell what may stand there', () => {
  assert.is(listed.get('spec.port')?.values, 'integer, 1 to 65535');
  assert.is(listed.get('spec.workflowEngine.workers')?.values, 'list of object');
  assert.is(listed.get('spec.worker.apiAddress')?.values, '`public` or `service`');
  assert.is(listed.get('spec.tls.trust')?.values, 'string or object');
});

fields('have their default from the schema or from its sentence', () => {
  assert.is(listed.get('spec.hosts.api')?.standard, '`api.<domain>`');
  assert.is(listed.get('spec.hosts.api')?.description, 'Public host name of the gRPC API.');
  assert.is(listed.get('spec.port')?.standard, '443; 80 where `tls.mode` is `none`');
  assert.is(listed.get('spec.domain')?.required, true);
});

fields('of the project all have a description', () => {
  const bare = all.filter(({ description }) => description === '');
  assert.equal(
    bare.map(({ path }) => path),
    [],
  );
});

fields.run();

const page = suite('reference page');
const text = referencePage();

page('has every field', () => {
  for (const { path } of all.filter(({ path }) => path.startsWith('spec.'))) {
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
