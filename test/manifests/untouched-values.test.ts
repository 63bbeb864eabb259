/** What no edit touches never matters: every byte of it stays, whatever a reader makes of it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Chunk } from '../../src/manifests/chunk.ts';
import { Draft } from '../../src/manifests/edit.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { resourcesOf } from '../../src/manifests/resource.ts';
import { carryOut } from '../../src/yaml/carry-out.ts';
import type { JsonObject } from '../../src/yaml/json.ts';
import type { Operation } from '../../src/yaml/json-patch.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

/** Values as they are written, each beside a place that is edited. */
const values: Record<string, string> = {
  'a short commit hash that reads as a number out of range': '61e9540',
  'a number out of range': '1e400',
  'a negative number out of range': '-1e400',
  'more digits than a number has': `${'9'.repeat(400)}`,
  infinity: '.inf',
  'negative infinity': '-.INF',
  'no number': '.nan',
  'negative zero': '-0',
  'negative zero with a fraction': '-0.0',
  'binary data': '!!binary aGVsbG8=',
  'binary data on lines': '!!binary |\n        aGVsbG8=',
  'a time': '!!timestamp 2001-12-14t21:59:43.10-05:00',
  'a time without a tag': '2001-12-14',
  'a set': '!!set {x, y}',
  'an ordered map': '!!omap [x: 1, y: 2]',
  'a tag of somebody': '!mine {x: 1}',
  'a line separator': 'a\u2028b',
  'a line separator in double quotes': '"a\u2028b"',
  'a line separator in single quotes': "'a\u2028b'",
  'a line separator at the ends': '"\u2028a\u2029"',
  'a line separator in a literal block': '|\n        a\u2028b\n        \u2028',
  'a line separator in a folded block': '>-\n        a\u2028b\n        \u2029c',
  'a line separator in a comment': 'x # a\u2028b',
  'a next line': '"a\u0085b"',
  'a no-break space': '\u00a0a\u00a0',
};

function edit(text: string, document: string | undefined, path: string[]): string {
  const chunk = new Chunk(Buffer.from(text));
  const [resource] = resourcesOf(chunk).resources;
  if (!resource) throw new Error('no resource');
  const draft = new Draft(resource, document);
  draft.set(path, 'new', 'spec');
  draft.set([...path.slice(0, -1), 'more'], true, 'spec');
  applyEdits(draft.edits);
  return chunk.text;
}

for (const [name, value] of Object.entries(values)) {
  const map = (indent: string, place: string) =>
    ['m:', `    before: ${value}`, `    place: ${place}`, `    after: ${value}`]
      .join('\n')
      .replaceAll('\n', `\n${indent}`)
      .replace(/^/, indent);

  test(`${name} beside an edit of a resource`, () => {
    const resource = (place: string) => `kind: A\n${map('', place)}\n`;
    const text = resource('new').replace(/\n$/, '\n    more: true\n');
    assert.is(edit(resource('old'), undefined, ['m', 'place']), text);
  });

  test(`${name} beside an edit of a document`, () => {
    const outer = (document: string) =>
      `kind: ConfigMap\nmetadata:\n  labels: {a: 1}\ndata:\n  a.yaml: |\n${document}\n`;
    const after = `${map('    ', 'new')}\n        more: true`;
    assert.is(edit(outer(map('    ', 'old')), 'a.yaml', ['m', 'place']), outer(after));
  });

  test(`${name} beside an edited document`, () => {
    const outer = (place: string) =>
      `kind: ConfigMap\n${map('', '1')}\ndata:\n  a.yaml: |\n    m: {place: ${place}}\n`;
    const text = outer('new').replace('place: new', 'place: new, more: true');
    assert.is(edit(outer('old'), 'a.yaml', ['m', 'place']), text);
  });
}

for (const value of ['-0', '1e400', '"a\u2028b"', '61e9540', '12345678901234567890'])
  test(`${value} beside an edit of JSON`, () => {
    const outer = (place: string) =>
      `kind: ConfigMap\ndata:\n  a.json: |\n    {"m": {"before": ${value}, ${place}}}\n`;
    const text = outer('"place": "new", "more": true');
    assert.is(edit(outer('"place": "old"'), 'a.json', ['m', 'place']), text);
  });

test('a number out of range is the string that Kubernetes reads', () => {
  assert.equal(parseYaml('[61e9540, -1e400, 1e3, .inf, "1e400"]').json, [
    '61e9540',
    '-1e400',
    1000,
    Number.POSITIVE_INFINITY,
    '1e400',
  ]);
});

test('an edit of such a value is an edit as any other', () => {
  for (const value of Object.values(values)) {
    const text = edit(`kind: A\nm:\n    place: ${value}\n`, undefined, ['m', 'place']);
    assert.equal(parseYaml(text).json, { kind: 'A', m: { place: 'new', more: true } });
  }
});

test('a text that would say something else than the edits is refused', () => {
  const parsed = parseYaml('a: 1\nb: .nan\nc: -0\nd: 61e9540\n');
  const operation: Operation = { op: 'replace', path: '/a', value: 2 };
  const write = (wanted: JsonObject) =>
    carryOut(parsed, [operation], 'yaml', parseYaml, wanted).text;
  const wanted = { a: 2, b: Number.NaN, c: -0, d: '61e9540' };
  assert.is(write(wanted), 'a: 2\nb: .nan\nc: -0\nd: 61e9540\n');
  const others: JsonObject[] = [{ b: null }, { c: 0 }, { d: '61e9541' }, { e: 1 }];
  for (const other of others)
    assert.throws(() => write({ ...wanted, ...other }), /does not follow the edits at \/a$/);
});

test.run();
