import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EmbeddedDocument } from '../../src/manifests/embedded-document.ts';
import { carryOut } from '../../src/yaml/carry-out.ts';
import { equalJson, fromPointer, type Json, toPointer } from '../../src/yaml/json.ts';
import { applyOperations, type Operation } from '../../src/yaml/json-patch.ts';
import {
  contentStart,
  type Entry,
  endOf,
  entryEnd,
  entryStart,
  indicatorEnd,
  isEmpty,
  ownEntry,
  startOf,
} from '../../src/yaml/nodes.ts';
import { lineEnd, lineStart, trimLineEnds } from '../../src/yaml/text-edit.ts';
import { isMap, isScalar, isSeq, type Node } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';
import { randomDocument } from './random-documents.ts';
import {
  type Choice,
  pathsOf,
  randomChoice,
  randomScalar,
  toOperation,
} from './random-operations.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);

/** The operations that choices mean, one after the other. */
function operationsOf(json: Json | undefined, choices: readonly Choice[]): Operation[] {
  const operations: Operation[] = [];
  let current = json;
  for (const choice of choices) {
    const operation = toOperation(current, choice);
    if (!operation || current === undefined) continue;
    current = applyOperations(current, [operation]);
    operations.push(operation);
  }
  return operations;
}

/** Lets a failure tell what it was about, in the form that a named test needs. */
function explained<T>(run: () => T, ...about: unknown[]): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${JSON.stringify(about)}`);
  }
}

test('the text says after any operations what fast-json-patch says', () => {
  let edited = 0;
  fc.assert(
    fc.property(
      randomDocument,
      fc.array(randomChoice, { minLength: 1, maxLength: 5 }),
      (text, choices) => {
        const document = new EmbeddedDocument('config.yaml', text);
        fc.pre(document.problem === undefined);
        const operations = operationsOf(document.json, choices);
        fc.pre(operations.length > 0);
        edited += 1;
        const parsed = explained(
          () => carryOut(document.parsed, operations, 'yaml', document.parse),
          text,
          operations,
        );
        const wanted = applyOperations(document.json as Json, operations);
        assert.ok(
          equalJson(parsed.json, wanted),
          `${JSON.stringify(operations)}\n${text}\n=====\n${parsed.text}\n=====\n${JSON.stringify(parsed.json)}\n${JSON.stringify(wanted)}`,
        );
      },
    ),
    { numRuns, includeErrorInReport: true },
  );
  assert.ok(edited > numRuns / 2, `only ${edited} documents were well-formed`);
});

test('another value for a scalar leaves every byte outside of it', () => {
  fc.assert(
    fc.property(randomDocument, fc.nat(1000), randomScalar, (text, place, value) => {
      const document = new EmbeddedDocument('config.yaml', text);
      fc.pre(document.problem === undefined && !usesAnchors(text));
      const scalars = pathsOf(document.json).filter((path) => {
        const node = nodeAt(document, path)?.value;
        return isScalar(node) && !isEmpty(node) && !node.tag;
      });
      const path = scalars[place % Math.max(1, scalars.length)];
      fc.pre(path !== undefined);
      const node = nodeAt(document, path ?? [])?.value as Node;
      const operation: Operation = { op: 'replace', path: toPointer(path ?? []), value };
      const parsed = carryOut(document.parsed, [operation], 'yaml', document.parse);
      const after = text.slice(node.range?.[1]);
      assert.ok(parsed.text.startsWith(text.slice(0, startOf(node))), parsed.text);
      assert.ok(parsed.text.endsWith(after), parsed.text);
    }),
    { numRuns, includeErrorInReport: true },
  );
});

test('an entry that comes or goes leaves every byte outside of its collection, and the comments of others', () => {
  fc.assert(
    fc.property(randomDocument, randomChoice, (text, choice) => {
      const document = new EmbeddedDocument('config.yaml', text);
      fc.pre(document.problem === undefined && !usesAnchors(text));
      const operation = toOperation(document.json, choice);
      fc.pre(operation !== undefined && operation.op !== 'replace');
      if (!operation) return;
      const path = fromPointer(operation.path);
      const parent = nodeAt(document, path.slice(0, -1));
      const container = path.length > 1 ? parent?.value : document.parsed.document.contents;
      fc.pre((isMap(container) || isSeq(container)) && container.items.length > 1);
      const parsed = carryOut(document.parsed, [operation], 'yaml', document.parse);
      const node = container as Node;
      const start = lineStart(text, contentStart(node));
      const end = lineEnd(text, trimLineEnds(text, endOf(node)));
      // Comments on top of a list belong to its first item.
      const head = text.slice(0, start).replace(/(?:[ \t]*#c\d+;\r?\n|[ \t]*\r?\n)*$/, '');
      assert.ok(parsed.text.startsWith(head), parsed.text);
      assert.ok(parsed.text.endsWith(text.slice(end).replace(/^[ \t\r\n]+/, '')), parsed.text);
      const gone =
        operation.op === 'remove' || isMap(container) ? nodeAt(document, path) : undefined;
      const from = gone ? (gone.pair ? entryStart(gone) : indicatorEnd(gone)) : 0;
      const to = gone ? lineEnd(text, trimLineEnds(text, entryEnd(gone))) : 0;
      for (const comment of text.matchAll(/#c\d+;/g)) {
        const isInGone = comment.index >= from && comment.index < to;
        assert.ok(
          isInGone || parsed.text.includes(comment[0]),
          `${comment[0]} is lost\n${text}\n=====\n${parsed.text}`,
        );
      }
    }),
    { numRuns, includeErrorInReport: true },
  );
});

function usesAnchors(text: string): boolean {
  return /[&*]n\d/.test(text);
}

function nodeAt(document: EmbeddedDocument, path: readonly string[]): Entry | undefined {
  let node = document.parsed.document.contents as Node | null;
  let entry: Entry | undefined;
  for (const key of path) {
    entry = ownEntry(node, key);
    node = entry?.value ?? null;
  }
  return entry;
}

test.run();
