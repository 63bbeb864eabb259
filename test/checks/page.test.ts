/** docs/checks.md against the catalogue. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { CATALOGUE, FAMILIES } from '../../src/checks/catalogue.ts';
import { checksPage } from '../../src/checks/page.ts';
import { assertSameText } from '../support/same-text.ts';

const path = join(packageRoot, 'docs/checks.md');
if (process.env.UPDATE) writeFileSync(path, checksPage());
const page = readFileSync(path, 'utf8');

test('docs/checks.md is what the catalogue makes', () => {
  assertSameText(page, checksPage());
});

test('has a section for each code, and no other', () => {
  const anchors = [...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  assert.equal(anchors, Object.values(FAMILIES).flatMap(Object.keys));
  assert.equal([...anchors].sort(), Object.keys(CATALOGUE).sort());
});

for (const [code, row] of Object.entries(CATALOGUE))
  test(`${code}: says what, why and how to mend it, in whole sentences`, () => {
    assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(code.length + 'ignore-'.length <= 63, 'fits the name of an annotation');
    assert.match(row.title, /^(?:[A-Z]|gRPC).*[^.]$/);
    assert.match(row.why, /^(?:[A-Z`]|gRPC|cert-manager).*\.$/);
    assert.match(row.mend, /^[a-z].*[^.]$/);
  });

test.run();
