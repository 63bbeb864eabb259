/** The checks as files, and docs/checks.md, which is made from them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checksPage } from '../../src/build/checks-page.ts';
import { checksPath, packageRoot } from '../../src/build/paths.ts';
import { FAMILIES } from '../../src/checks/check.ts';
import { CHECKS } from '../../src/checks/generated/checks.ts';
import { CODES } from '../../src/checks/generated/codes.ts';
import { CATALOGUE } from '../../src/checks/shared/catalogue.ts';
import { assertSameText } from '../support/same-text.ts';

const page = readFileSync(join(packageRoot, checksPath), 'utf8');

test('each file of the folder is a check, but the contract and the runner', () => {
  const names = readdirSync(join(packageRoot, 'src/checks')).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => name.replace(/\.ts$/, ''));
  assert.equal(files.sort(), [...CODES, 'check', 'index'].sort());
  // Another program finds it, as src/cli/envoy/ asks.
  const isFoundElsewhere = (code: string) => code.startsWith('ignore-') || code === 'envoy-verdict';
  for (const [code, { find }] of Object.entries(CHECKS))
    assert.is(find === undefined, isFoundElsewhere(code), `${code} has a search`);
});

test('docs/checks.md is what npm run build makes', () => {
  assertSameText(page, checksPage());
});

test('has a section for each code, by family and then by name', () => {
  const anchors = [...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  const expected = FAMILIES.flatMap((name) =>
    Object.entries(CATALOGUE)
      .filter(([, { family }]) => family === name)
      .map(([code]) => code)
      .sort(),
  );
  assert.equal(anchors, expected);
  assert.equal(Object.keys(CATALOGUE), expected);
});

for (const [code, row] of Object.entries(CATALOGUE))
  test(`${code}: says what, why and how to fix it, in whole sentences`, () => {
    assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(code.length + 'ignore-'.length <= 63, 'fits the name of an annotation');
    assert.match(row.title, /^(?:[A-Z]|gRPC|kustomize).*[^.]$/);
    assert.match(row.why, /^(?:[A-Z`]|gRPC|cert-manager|kustomize).*\.$/);
    assert.match(row.fix, /^[a-z].*[^.]$/);
  });

test.run();
