/** What the function did, as plain data that can be shown: nothing of a Secret is in it. */

import { type ResourceReference, resourceLabel } from '../errors.ts';
import type { AppliedEdit } from '../manifests/editor.ts';
import { referenceOf } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { fromPointer, type Json } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { printYaml } from '../yaml/yaml.ts';
import type { FunctionCall } from './call.ts';
import { redact, redactResource } from './redact.ts';

/** One value that was changed, in a resource that stays. */
export interface Change {
  resource: ResourceReference;
  /** The resource's name in its base, the same in every overlay. */
  baseName: string;
  /** The key of `data` that holds the document which was changed; absent for the resource itself. */
  document?: string;
  /** As people read it: `spec.rules[0].host`. */
  path: string;
  /** Absent where there was nothing. */
  old?: Json;
  /** Absent where it was taken away. */
  new?: Json;
  /** The config field that it follows from. */
  field: string;
  /** The old host in whose place the new one stands, where that is known from elsewhere; never of a Secret. */
  follows?: string;
}

/** A resource that was added, or taken away, as a whole. */
export interface ResourceChange {
  resource: ResourceReference;
  baseName: string;
  json: Json;
  field: string;
}

/** Of one call. */
export interface Changes {
  /** `metadata.name` of the DomainConfig. */
  config: string;
  changed: Change[];
  added: ResourceChange[];
  removed: ResourceChange[];
}

/** The changes of one call, those of a resource side by side, in the order in which they were made. */
export function changesOf({ loaded, result }: FunctionCall): Changes {
  const byResource = groupedBy(result.edits, ({ resource }) => [resource]);
  return {
    config: loaded.config?.metadata.name ?? '',
    changed: [...byResource.values()].flatMap((edits) => byDocument(edits.map(changeOf))),
    added: result.added.map(({ json, field }) => ({
      resource: referenceOf(json),
      baseName: referenceOf(json).name,
      json: redactResource(json),
      field,
    })),
    removed: result.removed.map(({ resource, field }) => ({
      resource: resource.reference,
      baseName: resource.originalName,
      json: redactResource(resource.json),
      field,
    })),
  };
}

/** How many there are of all three. */
export function countChanges({ changed, added, removed }: Changes): number {
  return changed.length + added.length + removed.length;
}

/** Edits of the resource itself first, then those of each document. */
function byDocument(changes: readonly Change[]): Change[] {
  const keys = new Set([undefined, ...changes.map(({ document }) => document)]);
  return [...keys].flatMap((key) => changes.filter(({ document }) => document === key));
}

function changeOf({ resource, document, operation, old, field, follows }: AppliedEdit): Change {
  const { kind } = resource;
  const path = fromPointer(operation.path);
  return {
    resource: resource.reference,
    baseName: resource.originalName,
    ...(document === undefined ? {} : { document }),
    path: toPath(path),
    ...(old === undefined ? {} : { old: redact(kind, old, path) }),
    ...(operation.op === 'remove' ? {} : { new: redact(kind, operation.value, path) }),
    field,
    ...(follows === undefined || kind === 'Secret' ? {} : { follows }),
  };
}

/** Where a change is: its resource, and the document in it. */
export function headingOf({ resource, document }: Change, label = resourceLabel(resource)): string {
  return document === undefined ? label : `${label}, data[${document}]`;
}

/** A value as it would stand in a manifest; a text of several lines is that text. */
export function valueText(value: Json): string {
  const text = typeof value === 'string' && value.includes('\n') ? value : printYaml(value);
  return text.trimEnd();
}
