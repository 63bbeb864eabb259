/** What a place is looked for by: a resource as it was built, and keys in it. */
import type { FilePlace, ResourceReference } from '../../errors.ts';
import { withoutHash } from '../../surface/near-names.ts';
import { getIn, type Json, type JsonObject } from '../../yaml/json.ts';
import { keysOf } from '../../yaml/locate.ts';

/** What a finding is about, in the terms of the manifests that came out. */
export interface Sought {
  resource: ResourceReference;
  /** As it was built. */
  json: JsonObject;
  keys: readonly string[];
  /** The name that it had where it was first written, where that is known. */
  baseName?: string;
  /** Of an embedded document that cannot be read: its line and column, which the keys lead to. */
  inner?: { line: number; column?: number };
}

/** How a message names a line of a document that cannot be read: `data[base.yaml], line 5 of it`. */
const INNER = /^(.*\]), line (\d+)(?: of it|, column (\d+))?$/;

/** Takes the path of a finding apart. One that names a line of a document that cannot be read leads to the document, and the line becomes `inner`. */
export function soughtFor(resource: ResourceReference, json: JsonObject, path = ''): Sought {
  const [, outer, line, column] = INNER.exec(path) ?? [];
  if (outer === undefined || line === undefined) return { resource, json, keys: keysOf(path) };
  const inner = { line: Number(line), ...(column ? { column: Number(column) } : {}) };
  return { resource, json, keys: keysOf(outer), inner };
}

/** The value that is found there. */
export function valueAt({ json, keys }: Sought): Json | undefined {
  return getIn(json, keys);
}

/** Whether a name in a file can have become that of the resource: prefixes, suffixes and hashes are put around it, layer by layer. */
export function isNameOf({ resource, baseName = '' }: Sought, name: string): boolean {
  return name !== '' && name.includes(baseName) && withoutHash(resource.name).includes(name);
}

/** Of things with names, those that the resource can have come from: `config` is part of `worker-config`. */
export function sourcesWithin<T>(sought: Sought, all: readonly T[], nameOf: (one: T) => string) {
  const named = all.filter((one) => isNameOf(sought, nameOf(one)));
  const longest = Math.max(0, ...named.map((one) => nameOf(one).length));
  return named.filter((one) => nameOf(one).length === longest);
}

/** A line inside of a file that is one document. */
export function innerPlace(file: string, { inner }: Sought): FilePlace {
  return { file, line: inner?.line ?? 1, ...(inner?.column ? { column: inner.column } : {}) };
}
