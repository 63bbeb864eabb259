/** The one door to `fast-json-patch`: validated, on a copy, and with errors that do not dump the document. */
// The package's main entry loses its exports under a TypeScript loader, which prefers the index.ts that it ships.
import jsonPatch from 'fast-json-patch/commonjs/core.js';
import { fromPointer, getIn, isObject, type Json, withValue } from './json.ts';

/** An RFC 6902 operation; `move`, `copy` and `test` are of no use to rules. */
export type Operation =
  | { op: 'add' | 'replace'; path: string; value: Json }
  | { op: 'remove'; path: string };

/**
 * Applies operations in order and returns the new value. The one that was given stays as it was, and shares with the new one what no
 * operation touches: neither may be changed in place.
 * @throws Error that names operation and path, never the document.
 */
export function applyOperations(value: Json, operations: readonly Operation[]): Json {
  return operations.reduce<Json>((current, operation) => {
    try {
      // A value that a rule still holds is not the one that later operations reach into. The package's own copy would go through
      // JSON text, which has no infinity and no negative zero.
      const copy = structuredClone(operation) as Operation;
      return jsonPatch.applyPatch(open(current, operation.path), [copy], true, true).newDocument;
    } catch (error) {
      const { name } = error as { name?: string };
      throw new Error(`cannot apply ${operation.op} ${operation.path}: ${name ?? 'invalid patch'}`);
    }
  }, value);
}

/** The value with copies of the collections on a path, which may be changed. */
function open(value: Json, pointer: string): Json {
  const parent = fromPointer(pointer).slice(0, -1);
  const collection = getIn(value, parent);
  if (Array.isArray(collection)) return withValue(value, parent, [...collection]);
  return isObject(collection) ? withValue(value, parent, { ...collection }) : value;
}
