/** Takes edits over: into the plain JSON at once, and into the source text when it is next asked for. */
import { fromPointer, getIn, type Json, type JsonObject } from '../yaml/json.ts';
import { applyOperations } from '../yaml/json-patch.ts';
import type { Edit } from './edit.ts';

/** An edit with the value that it replaced: what `explain` shows. */
export interface AppliedEdit extends Omit<Edit, 'result'> {
  old: Json | undefined;
  /** The old host that it follows, where it is not a rule's. */
  follows?: string;
}

/**
 * Takes edits over in order. The text of a chunk follows when it is read; until then the `data` of a ConfigMap's JSON still has the
 * old text of an edited document.
 * @throws Error where an operation does not fit the JSON.
 */
export function applyEdits(edits: readonly Edit[]): AppliedEdit[] {
  return edits.map(({ result, ...edit }) => {
    const { resource, operation } = edit;
    const document = edit.document === undefined ? undefined : resource.document(edit.document);
    const path = fromPointer(operation.path);
    const before = (document ? document.json : resource.json) ?? {};
    // Two drafts of one place do not see each other: only the first one's result holds.
    const after = result?.before === before ? result.after : applyOperations(before, [operation]);
    if (document) document.edit(operation, after);
    else resource.edit(operation, after as JsonObject);
    resource.chunk.follow(resource);
    const isInsertion = operation.op === 'add' && Array.isArray(getIn(before, path.slice(0, -1)));
    return { ...edit, old: isInsertion ? undefined : getIn(before, path) };
  });
}
