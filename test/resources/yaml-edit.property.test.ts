import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { equalJson, fromPointer, isObject, type Json } from '../../src/json.ts';
import { applyOperations, type Operation } from '../../src/json-patch.ts';
import { carryOut } from '../../src/resources/carry-out.ts';
import { EmbeddedDocument } from '../../src/resources/embedded-document.ts';
import { applySplices } from '../../src/resources/text-edit.ts';
import { randomDocument } from './random-documents.ts';
import { type Choice, randomChoice, toOperation } from './random-operations.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 1500);

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

test('the text says after any operations what fast-json-patch says', () => {
  let edited = 0;
  fc.assert(
    fc.property(randomDocument, fc.array(randomChoice, { minLength: 1, maxLength: 5 }), (text, choices) => {
      const document = new EmbeddedDocument('config.yaml', text);
      fc.pre(document.problem === undefined);
      const operations = operationsOf(document.json, choices);
      fc.pre(operations.length > 0);
      edited += 1;
      const { parsed, splices } = carryOut(document.parsed, operations, 'yaml', document.parse);
      const wanted = applyOperations(document.json as Json, operations);
      assert.ok(
        equalJson(parsed.json, wanted),
        `${JSON.stringify(operations)}\n${text}\n=====\n${parsed.text}\n=====\n${JSON.stringify(parsed.json)}\n${JSON.stringify(wanted)}`,
      );
      assert.is(applySplices(text, splices), parsed.text);
    }),
    { numRuns, includeErrorInReport: true },
  );
  assert.ok(edited > numRuns / 2, `only ${edited} documents were well-formed`);
});

test.run();
