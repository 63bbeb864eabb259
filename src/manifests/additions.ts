/** Adds a resource, or brings the one that is there already up to date: applying twice equals applying once. */
import { type JsonObject, objectAt } from '../yaml/json.ts';
import type { Batch } from './batch.ts';
import { Draft, type Edit } from './edit.ts';
import { type Manifests, sameObject } from './manifests.ts';
import { referenceOf } from './resource.ts';

/** The edits of the resource that is there; undefined after the resource was added anew. */
export function addOrUpdate(
  batch: Batch,
  manifests: Manifests,
  wanted: JsonObject,
  field: string,
): Edit[] | undefined {
  // The version of the API may differ.
  const target = referenceOf(wanted);
  const existing = manifests
    .find([target.kind], [target.name])
    .find(({ reference }) => sameObject(reference, target));
  if (!existing) {
    batch.add(wanted);
    return undefined;
  }
  const draft = new Draft(existing);
  const { metadata, apiVersion: _, kind: __, ...rest } = wanted;
  // What others wrote beside ours stays.
  for (const part of ['labels', 'annotations'])
    for (const [key, value] of Object.entries(objectAt(metadata, [part])))
      draft.set(['metadata', part, key], value, field);
  for (const [key, value] of Object.entries(rest)) draft.reconcile([key], value, field);
  return draft.edits;
}
