/** Carries edits out: on the plain JSON with fast-json-patch, and on the source text by splicing. */
import { equalJson, fromPointer, getIn, type Json, type JsonObject, toPointer } from '../json.ts';
import { applyOperations, type Operation } from '../json-patch.ts';
import { isAlias, isScalar, type Node, type ParsedYaml, type Scalar } from '../yaml.ts';
import { detachAnchors } from './anchors.ts';
import type { Edit } from './edit.ts';
import type { EmbeddedDocument } from './embedded-document.ts';
import { ownEntry } from './nodes.ts';
import type { Resource } from './resource.ts';
import { spliceScalar } from './scalar-text.ts';
import { applySplices, type Splice } from './text-edit.ts';
import { spliceOperation } from './yaml-edit.ts';

/** An edit with the value that it replaced: what `explain` shows. */
export interface AppliedEdit extends Edit {
  old: Json | undefined;
}

/**
 * Applies edits in order.
 * @throws Error where the text does not say afterwards what the JSON says: rather no output than a wrong one.
 */
export function applyEdits(edits: readonly Edit[]): AppliedEdit[] {
  return edits.map((edit) => {
    const { resource, operation } = edit;
    const document = edit.document === undefined ? undefined : resource.document(edit.document);
    const path = fromPointer(operation.path);
    const before = document ? document.json : resource.json;
    const old = getIn(before, path);
    if (document) editDocument(resource, document, operation);
    else editResource(resource, operation);
    const isInsertion = operation.op === 'add' && Array.isArray(getIn(before, path.slice(0, -1)));
    return { ...edit, old: isInsertion ? undefined : old };
  });
}

function editResource(resource: Resource, operation: Operation): void {
  const absolute = { ...operation, path: toPointer(resource.path) + operation.path };
  const path = fromPointer(absolute.path);
  detach(
    path,
    () => resource.chunk.parsed,
    (splices) => resource.chunk.splice(splices),
  );
  const { parsed, language } = resource.chunk;
  resource.chunk.splice(spliceOperation(parsed, absolute, language));
  resource.json = applyOperations(resource.json, [operation]) as JsonObject;
  assertSame(getIn(resource.chunk.parsed.json, resource.path), resource.json, operation);
}

function editDocument(resource: Resource, document: EmbeddedDocument, operation: Operation): void {
  const wanted = applyOperations(document.json ?? {}, [operation]);
  const path = fromPointer(operation.path);
  const splice = (splices: readonly Splice[]) => {
    const text = applySplices(document.text, splices);
    writeDocument(resource, document, splices, text);
    document.update(text);
  };
  detach(path, () => document.parsed, splice);
  splice(spliceOperation(document.parsed, operation, document.language));
  assertSame(document.json, wanted, operation);
}

/** Moves anchors out of the way, one at a time, because each move shifts what follows. */
function detach(
  path: readonly string[],
  parse: () => ParsedYaml,
  splice: (splices: readonly Splice[]) => void,
): void {
  for (;;) {
    const splices = detachAnchors(parse(), path);
    if (splices.length === 0) return;
    splice(splices);
  }
}

/** Carries the splices of a document's text over to the scalar that holds it. */
function writeDocument(
  resource: Resource,
  document: EmbeddedDocument,
  splices: readonly Splice[],
  text: string,
): void {
  const path = ['data', document.key];
  const scalar = ownScalar(resource, path);
  if (!scalar) {
    editResource(resource, { op: 'replace', path: toPointer(path), value: text });
    return;
  }
  resource.chunk.splice(spliceScalar(resource.chunk.text, scalar, splices));
  const operation: Operation = { op: 'replace', path: toPointer(path), value: text };
  resource.json = applyOperations(resource.json, [operation]) as JsonObject;
  assertSame(getIn(resource.chunk.parsed.json, resource.path), resource.json, operation);
}

/** The scalar at a path, where it stands there itself and no other place refers to it. */
function ownScalar(resource: Resource, path: readonly string[]): Scalar | undefined {
  const parsed = resource.chunk.parsed;
  const full = [...resource.path, ...path];
  if (detachAnchors(parsed, full).length > 0) return undefined;
  let node = parsed.document.contents as Node | null;
  for (const key of full) {
    if (isAlias(node)) return undefined;
    node = ownEntry(node, key)?.value ?? null;
  }
  return isScalar(node) && typeof node.value === 'string' ? (node as Scalar) : undefined;
}

function assertSame(text: Json | undefined, json: Json, operation: Operation): void {
  if (!equalJson(text, json))
    throw new Error(`the text does not follow ${operation.op} ${operation.path}`);
}
