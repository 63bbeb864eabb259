/** Carries edits out: on the plain JSON at once, with fast-json-patch, and on the source text when it is next asked for. */

import { carryOut, type TextOperation } from '../yaml/carry-out.ts';
import {
  equalJson,
  fromPointer,
  getIn,
  type Json,
  type JsonObject,
  toPointer,
} from '../yaml/json.ts';
import { applyOperations, type Operation } from '../yaml/json-patch.ts';
import type { Chunk } from './chunk.ts';
import type { Edit } from './edit.ts';
import type { EmbeddedDocument } from './embedded-document.ts';
import type { Resource } from './resource.ts';

/** An edit with the value that it replaced: what `explain` shows. */
export interface AppliedEdit extends Edit {
  old: Json | undefined;
}

/**
 * Applies edits in order. The text of a chunk follows when it is read; until then the `data` of a ConfigMap's JSON still has the
 * old text of an edited document.
 * @throws Error where an operation does not fit the JSON.
 */
export function applyEdits(edits: readonly Edit[]): AppliedEdit[] {
  return edits.map((edit) => {
    const { resource, operation } = edit;
    const document = edit.document === undefined ? undefined : resource.document(edit.document);
    const path = fromPointer(operation.path);
    const before = document ? document.json : resource.json;
    const old = getIn(before, path);
    const after = applyOperations(before ?? {}, [operation]);
    if (document) document.edit(after);
    else resource.json = after as JsonObject;
    waitingFor(resource.chunk).add(resource, document, operation);
    const isInsertion = operation.op === 'add' && Array.isArray(getIn(before, path.slice(0, -1)));
    return { ...edit, old: isInsertion ? undefined : old };
  });
}

/** The edits of each chunk that its text does not have yet. */
const waiting = new WeakMap<Chunk, WaitingEdits>();

function waitingFor(chunk: Chunk): WaitingEdits {
  const known = waiting.get(chunk);
  if (known) return known;
  const edits = new WaitingEdits();
  waiting.set(chunk, edits);
  chunk.defer(() => {
    waiting.delete(chunk);
    edits.write(chunk);
  });
  return edits;
}

class WaitingEdits {
  readonly #documents = new Map<
    EmbeddedDocument,
    { resource: Resource; operations: Operation[] }
  >();
  readonly #resources = new Map<Resource, Operation[]>();

  add(resource: Resource, document: EmbeddedDocument | undefined, operation: Operation): void {
    const own = this.#resources.get(resource) ?? [];
    this.#resources.set(resource, own);
    if (!document) {
      own.push(operation);
      return;
    }
    const target = this.#documents.get(document) ?? { resource, operations: [] };
    target.operations.push(operation);
    this.#documents.set(document, target);
  }

  /** @throws Error where the text does not say afterwards what the JSON says: rather no output than a wrong one. */
  write(chunk: Chunk): void {
    const operations: TextOperation[] = [];
    for (const [document, target] of this.#documents) {
      const operation = writeDocument(document, target.operations);
      target.resource.json = applyOperations(target.resource.json, [operation]) as JsonObject;
      operations.push(below(target.resource, operation));
    }
    for (const [resource, own] of this.#resources)
      operations.push(...own.map((operation) => below(resource, operation)));
    chunk.carryOut(operations);
    for (const resource of this.#resources.keys())
      assertSame(getIn(chunk.parsed.json, resource.path), resource.json, resource.path);
  }
}

/** Writes the edits of a document into its text; the result is what that means for the resource. */
function writeDocument(
  document: EmbeddedDocument,
  operations: readonly Operation[],
): TextOperation {
  const wanted = document.json;
  const before = document.text;
  const { parsed, splices } = carryOut(
    document.parsed,
    operations,
    document.language,
    document.parse,
  );
  assertSame(
    parsed.json,
    wanted,
    operations.map(({ path }) => path),
  );
  document.update(parsed);
  const path = toPointer(['data', document.key]);
  return { op: 'replace', path, value: parsed.text, inner: { before, splices } };
}

function below<T extends Operation>(resource: Resource, operation: T): T {
  return { ...operation, path: toPointer(resource.path) + operation.path };
}

function assertSame(
  text: Json | undefined,
  json: Json | undefined,
  where: readonly string[],
): void {
  if (!equalJson(text, json))
    throw new Error(`the text does not follow the edits at ${where.join(', ')}`);
}
