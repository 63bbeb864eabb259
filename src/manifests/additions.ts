/** Adds a resource, or brings the one that is there already up to date: applying twice equals applying once. */
import { isObject, type JsonObject } from '../yaml/json.ts';
import type { Batch } from './batch.ts';
import type { Candidates } from './candidates.ts';
import { Draft, type Edit } from './edit.ts';
import type { Resource } from './resource.ts';

/** The edits of the resource that is there; undefined after the resource was added anew. */
export function addOrUpdate(
  batch: Batch,
  candidates: Candidates,
  wanted: JsonObject,
  field: string,
): Edit[] | undefined {
  const existing = findExisting(candidates, wanted);
  if (!existing) {
    batch.add(wanted);
    return undefined;
  }
  const draft = new Draft(existing);
  const { metadata, apiVersion: _, kind: __, ...rest } = wanted;
  for (const part of ['labels', 'annotations']) {
    const values = isObject(metadata) ? metadata[part] : undefined;
    // What others wrote beside ours stays.
    for (const [key, value] of Object.entries(isObject(values) ? values : {}))
      draft.set(['metadata', part, key], value, field);
  }
  for (const [key, value] of Object.entries(rest)) draft.reconcile([key], value, field);
  return draft.edits;
}

/** Same group, kind, namespace and name; the version of the API may differ. */
function findExisting(candidates: Candidates, wanted: JsonObject): Resource | undefined {
  const metadata = isObject(wanted['metadata']) ? wanted['metadata'] : {};
  const name = String(metadata['name']);
  const kind = String(wanted['kind']);
  return candidates
    .find([kind], [name])
    .find(
      (resource) =>
        resource.name === name &&
        resource.namespace === (metadata['namespace'] ?? '') &&
        groupOf(resource.reference.apiVersion) === groupOf(String(wanted['apiVersion'])),
    );
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
