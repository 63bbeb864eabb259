/** The checks as files, and docs/checks.md, which is made from them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checksPage } from '../../src/build/checks-page.ts';
import { checksPath, packageRoot } from '../../src/build/paths.ts';
import { FAMILIES } from '../../src/checks/check.ts';
import { CATALOGUE } from '../../src/checks/shared/catalogue.ts';
import { assertSameText } from '../support/same-text.ts';

const page = readFileSync(join(packageRoot, checksPath), 'utf8');
const codes = Object.keys(CATALOGUE);

test('docs/checks.md is what npm run build makes', () => {
  assertSameText(page, checksPage());
});

test('has a section for each code, by family and then by name', () => {
  const anchors = [...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  const expected = FAMILIES.flatMap((name) =>
    codes.filter((code) => CATALOGUE[code as keyof typeof CATALOGUE].family === name).sort(),
  );
  assert.equal(anchors, expected);
  assert.equal(codes, expected);
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
