import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Chunk } from '../../src/manifests/chunk.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { resourcesOf } from '../../src/manifests/resource.ts';
import { carryOut } from '../../src/yaml/carry-out.ts';
import { getIn, isObject, type Json } from '../../src/yaml/json.ts';
import { applyOperations } from '../../src/yaml/json-patch.ts';
import { printDoubleQuoted } from '../../src/yaml/plain.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';
import { randomDocument } from '../yaml/random-documents.ts';
import { randomChoice, toOperation } from '../yaml/random-operations.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);

/** The ways in which tools write the string that holds a document; undefined where the style cannot hold it. */
const styles: Record<string, (text: string) => string | undefined> = {
  literal: (text) => literal(text, 4),
  'literal with a comment': (text) => literal(text, 6)?.replace('\n', ' # about it\n'),
  'double quotes': printDoubleQuoted,
  'double quotes with escapes': (text) =>
    printDoubleQuoted(text).replace(/[^\x20-\x7e]|\//g, (character) =>
      character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'double quotes, folded at spaces': (text) => folded(text, '\n    '),
  'double quotes, lines continued': (text) => folded(text, ' \\\n    '),
  'single quotes': (text) =>
    isFoldable(text) ? `'${text.replaceAll("'", "''").replaceAll('\n', '\n\n    ')}'` : undefined,
  'folded block': (text) =>
    isFoldable(text) ? `>-\n    ${text.replaceAll('\n', '\n\n    ')}` : undefined,
};

function literal(text: string, indent: number): string | undefined {
  if (/[\r\ufeff\u0085\u2028\u2029]/.test(text) || text.trim() === '') return undefined;
  const first = text.split('\n').find((line) => line !== '');
  const explicit = first?.startsWith(' ') || text.startsWith('\n') ? String(indent - 2) : '';
  const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const body = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
  return `|${explicit}${chomping}\n${body}`;
}

/** As go-yaml breaks long lines: at a space between words, which comes back from the fold. */
function folded(text: string, fold: string): string {
  let index = 0;
  return printDoubleQuoted(text).replace(/(?<=[\w"]) (?=[\w"])/g, (space) => {
    index += 1;
    return index % 3 === 0 ? fold : space;
  });
}

function isFoldable(text: string): boolean {
  return !/[\r\ufeff\t\u0085\u2028\u2029]|^\s|\s$|\n[ \n]| \n|^ /.test(text);
}

const flatDocument = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
  .map((keys) => keys.map((key) => `${key}: it's "${key}" # about ${key}`).join('\n'));

for (const [name, write] of Object.entries(styles))
  test(`a document in ${name} is edited in place`, () => {
    let edited = 0;
    const choices = fc.array(randomChoice, { minLength: 1, maxLength: 3 });
    const outer = fc.record({ crlf: fc.boolean(), last: fc.boolean() });
    fc.assert(
      fc.property(
        fc.oneof(randomDocument, flatDocument),
        choices,
        outer,
        (inner, wanted, { crlf, last }) => {
          const scalar = write(inner);
          fc.pre(scalar !== undefined);
          const eol = (text: string) => (crlf ? text.replaceAll('\n', '\r\n') : text);
          const before = eol(
            'apiVersion: v1\nkind: ConfigMap\ndata:\n  one: "1" # first\n  config.yaml: ',
          );
          const after = eol(
            last
              ? '\nmetadata:\n  name: config # name\n'
              : '\n  two: |+\n    text\n\nmetadata: {name: x}\n',
          );
          const chunk = new Chunk(Buffer.from(before + eol(scalar ?? '') + after));
          const [resource] = resourcesOf(chunk).resources;
          const document = resource?.document('config.yaml');
          fc.pre(
            document !== undefined && document.text === inner && document.problem === undefined,
          );
          if (!resource || !document) return;
          let json: Json = document.json ?? {};
          const operations = wanted.flatMap((choice) => {
            const operation = toOperation(json, choice);
            if (!operation) return [];
            json = applyOperations(json, [operation]);
            return [operation];
          });
          fc.pre(operations.length > 0);
          edited += 1;
          const expected = carryOut(document.parsed, operations, 'yaml', document.parse).text;
          applyEdits(
            operations.map((operation) => ({
              resource,
              document: 'config.yaml',
              operation,
              field: 'spec',
            })),
          );
          const { text } = chunk;
          const data = getIn(parseYaml(text).json, ['data']);
          const about = `${before + eol(scalar ?? '') + after}\n=====\n${text}`;
          assert.ok(isObject(data) && data['config.yaml'] === expected, about);
          assert.ok(text.startsWith(before) && text.endsWith(after), about);
          const rewritten = write(expected);
          const isExact = name.startsWith('literal') || name === 'double quotes';
          // Where the header has to change, the block may be written otherwise.
          if (isExact && rewritten?.split('\n')[0] === (scalar ?? '').split('\n')[0])
            assert.is(text, before + eol(rewritten ?? '') + after, about);
        },
      ),
      { numRuns, includeErrorInReport: true },
    );
    assert.ok(edited > numRuns / 2, `only ${edited} documents could be edited`);
  });

test.run();
