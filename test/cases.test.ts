/**
 * Golden cases. Each folder test/cases/<name>/ has
 *
 *     input.yaml     resources, as kustomize hands them over
 *     config.yaml    the DomainConfig
 *     expected.yaml  every byte of stdout
 *     warnings.txt   every byte of stderr where it succeeds; left out where there is none
 *     errors.txt     instead of expected.yaml: every byte of stderr; stdout stays empty, the exit status is 1
 *     stream-only    a reason why the input cannot be put into a ResourceList
 *
 * With `CASES=stream` each is called in one way only: the ways differ in this project's code, not in what runs it.
 *
 * `npm run test:update` writes expected.yaml, warnings.txt and errors.txt anew: read the difference before you commit it.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  applyToFile,
  applyToResourceList,
  applyToStream,
  type FunctionResult,
  parseStream,
} from './support/function.ts';
import { assertSameText } from './support/same-text.ts';

const folder = fileURLToPath(new URL('cases', import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

const cases = suite('cases');

cases('there are cases', () => {
  assert.ok(names.length > 0);
});

for (const name of names) {
  const path = (file: string) => join(folder, name, file);
  const text = (file: string) => (existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '');
  const input = readFileSync(path('input.yaml'));
  const config = readFileSync(path('config.yaml'));
  if (process.env.UPDATE) update(path, applyToStream(config, input));

  const fails = existsSync(path('errors.txt'));
  const stderr = text(fails ? 'errors.txt' : 'warnings.txt');
  const expected: FunctionResult = { stdout: text('expected.yaml'), stderr, status: fails ? 1 : 0 };

  cases(`${name}: stream`, () => {
    same(applyToStream(config, input), expected);
  });

  if (process.env.CASES === 'stream') continue;

  cases(`${name}: file`, () => {
    same(applyToFile(config, input), expected);
  });

  if (!existsSync(path('stream-only')))
    cases(`${name}: ResourceList`, () => {
      const result = applyToResourceList(config, input);
      assert.is(result.stderr, stderr);
      assert.is(result.status, expected.status);
      const list = parseStream(result.stdout)[0] as ResourceList;
      assert.is(list.kind, 'ResourceList');
      // The order of keys counts too: compared as text.
      const wanted = parseStream(fails ? input.toString() : expected.stdout);
      assertSameText(print(list.items ?? []), print(wanted));
      // On stderr the errors come first.
      assert.equal(
        (list.results ?? []).map(({ severity }) => severity).sort(),
        [...stderr.matchAll(/^(error|warning): /gm)].map(([, severity]) => severity),
      );
    });

  if (!fails)
    cases(`${name}: a second time changes nothing`, () => {
      const { stdout, status } = applyToStream(config, Buffer.from(expected.stdout));
      assert.is(status, 0);
      assertSameText(stdout, expected.stdout);
    });
}

cases.run();

interface ResourceList {
  kind: string;
  items?: unknown[];
  results?: { severity: string }[];
}

function same(actual: FunctionResult, expected: FunctionResult): void {
  // What went wrong first: bytes of stdout that are missing because of an error say little.
  assert.is(actual.stderr, expected.stderr);
  assert.is(actual.status, expected.status);
  assertSameText(actual.stdout, expected.stdout);
}

function update(path: (file: string) => string, { stdout, stderr, status }: FunctionResult): void {
  const files = {
    'expected.yaml': status === 0 ? stdout : '',
    'warnings.txt': status === 0 ? stderr : '',
    'errors.txt': status === 0 ? '' : stderr,
  };
  for (const [file, content] of Object.entries(files)) {
    if (content === '' && !(file === 'expected.yaml' && status === 0))
      rmSync(path(file), { force: true });
    else writeFileSync(path(file), content);
  }
}

function print(values: unknown[]): string {
  const bigint = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? `integer ${value}` : value;
  return values.map((value) => JSON.stringify(value, bigint, 1)).join('\n');
}
