/** The one door to `fast-json-patch`: validated, on a copy, and with errors that do not dump the document. */
// The package's main entry loses its exports under a TypeScript loader, which prefers the index.ts that it ships.
import jsonPatch from 'fast-json-patch/commonjs/core.js';
import type { Json } from './json.ts';

/** An RFC 6902 operation; `move`, `copy` and `test` are of no use to rules. */
export type Operation =
  | { op: 'add' | 'replace'; path: string; value: Json }
  | { op: 'remove'; path: string };

/**
 * Applies operations in order and returns the new value; the one that was given stays as it was.
 * @throws Error that names operation and path, never the document.
 */
export function applyOperations(value: Json, operations: readonly Operation[]): Json {
  try {
    // The copy of the operations keeps later operations from reaching into values that a rule still holds.
    return jsonPatch.applyPatch(value, structuredClone(operations) as Operation[], true, false)
      .newDocument;
  } catch (error) {
    const { name, operation } = error as { name?: string; operation?: Operation };
    const what = operation ? `${operation.op} ${operation.path}` : 'operations';
    throw new Error(`cannot apply ${what}: ${name ?? 'invalid patch'}`);
  }
}
