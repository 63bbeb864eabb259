import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { readSimpleYaml } from '../../src/yaml/simple-yaml.ts';
import { parseConfigYaml, parseYaml } from '../../src/yaml/yaml.ts';
import { randomDocument } from './random-documents.ts';

/** Enough for every commit; `FUZZ_RUNS=200000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 400);

/** Never anything else than the library says; a byte order mark makes a text the library's. */
function compare(text: string): boolean {
  const simple = readSimpleYaml(text);
  if (simple === undefined) return false;
  for (const parse of [parseYaml, parseConfigYaml]) {
    const { json, problems } = parse(`\ufeff${text}`);
    assert.equal(problems, [], text);
    // Keys in the same order, and no -0 for a 0.
    assert.is(JSON.stringify(simple), JSON.stringify(json), text);
    assert.equal(simple, json, text);
  }
  return true;
}

test('says of random documents what the library says', () => {
  fc.assert(
    fc.property(randomDocument, (text) => {
      compare(text);
    }),
    { numRuns },
  );
});

const files = [
  'base/envoy/envoy.yaml',
  'base/worker/deployment.yaml',
  'overlays/onprem/domain.yaml',
];
const documents = files.flatMap((file) =>
  splitDocuments(readFileSync(join(packageRoot, file))).map(({ text }) => text),
);

test('reads what the base and an overlay hold', () => {
  for (const text of documents) assert.ok(compare(text), text);
});

/** What means something in YAML, or nearly does. */
const PIECES =
  '\n|\n  |  |    |\t|#| #|: |:|- |-|? |---|...|&a |*a|!t |||>|"|\'|\\|{|}|[|]|,|%|@|`|~|=|<<: |0|1|-0|.5|e3|0x1|\u00a0|\u2028|\u0085|é|yes|null|true|__proto__: |a: ';

test('says the same of documents with a few characters changed', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(3),
    piece: fc.constantFrom('', '|', '|+', '|-', '\n', ...PIECES.split('|')),
  });
  const changes = fc.array(change, { minLength: 1, maxLength: 3 });
  let simple = 0;
  fc.assert(
    fc.property(fc.constantFrom(...documents.map(inShort)), changes, (document, all) => {
      let text = document;
      for (const { at, cut, piece } of all) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + piece + text.slice(start + cut);
      }
      if (compare(text)) simple += 1;
    }),
    { numRuns },
  );
  assert.ok(simple > numRuns / 10, `${simple} of ${numRuns} were simple`);
});

/** The first lines: enough of everything. */
function inShort(text: string): string {
  return `${text.split('\n').slice(0, 25).join('\n')}\n`;
}

const LEFT_TO_THE_LIBRARY = [
  'a: &x 1\nb: *x\n',
  'a: !!str 1\n',
  'a: one\n  two\n',
  'a: "one\n  two"\n',
  'a: >\n  folded\n',
  'a: |2\n   two\n',
  'a: |\n',
  'a: 1\na: 2\n',
  'a: b: c\n',
  'a:\n  b: 1\n c: 2\n',
  'a: [1,\n  2]\n',
  'a: 1\n---\nb: 2\n',
  '%YAML 1.2\n---\na: 1\n',
  '<<: {a: 1}\n',
  'a: 007\n',
  'a: 1e3\n',
  'a: yes\n',
  'yes: a\n',
  '1: a\n',
  '__proto__: a\n',
  'a:\tb\n',
  'a: 1\r\n',
  'a: |\n  x',
  'word\n',
  '',
];

for (const text of LEFT_TO_THE_LIBRARY)
  test(`leaves ${JSON.stringify(text)} to the library`, () => {
    assert.is(readSimpleYaml(text), undefined);
  });

test('leaves nesting without end to the library', () => {
  const deep = Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
  assert.is(readSimpleYaml(deep), undefined);
  assert.is(readSimpleYaml(`a: ${'['.repeat(100_000)}\n`), undefined);
});

test.run();
