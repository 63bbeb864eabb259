/** What rules return: operations with the resource that they belong to and the config field that they follow from. */
import { alignItems } from '../yaml/align-items.ts';
import { equalJson, fromPointer, getIn, isObject, type Json, toPointer } from '../yaml/json.ts';
import { applyOperations, type Operation } from '../yaml/json-patch.ts';
import type { Resource } from './resource.ts';

/** One change, where it belongs and why. */
export interface Edit {
  resource: Resource;
  /** The key of `data` that holds the document which the operation is about; undefined for the resource itself. */
  document: string | undefined;
  operation: Operation;
  /** Path of the config field that the edit follows from: `spec.hosts.api`. */
  field: string;
  /** What a draft made of its JSON with the operation; it holds where nothing else has changed that since. */
  result?: { before: Json; after: Json };
}

/** The name that no operation can add to a map. */
export const NO_KEY = '__proto__';

/** A place that a rule wants to write holds something of another shape: a list where a map belongs. */
export class UnfitPlace extends Error {
  readonly resource: Resource;
  readonly document: string | undefined;
  readonly path: readonly string[];
  /** What the nearest value above the place is. */
  readonly found: string;

  constructor(
    resource: Resource,
    document: string | undefined,
    json: Json,
    path: readonly string[],
  ) {
    super(`no place for ${toPointer(path)}`);
    this.resource = resource;
    this.document = document;
    this.path = path;
    const holder = getIn(json, path.slice(0, -1));
    this.found = Array.isArray(holder) ? 'a list' : isObject(holder) ? 'a map' : 'a single value';
  }
}

/** The config field that an item of a list follows from. */
export type FieldOf = (item: Json) => string;

/**
 * Collects the edits of one resource, or of one document in it, that lead to what a rule wants. It keeps its own copy, so
 * that a later edit sees what the earlier ones did, and it adds none where the value is already right.
 */
export class Draft {
  readonly edits: Edit[] = [];
  readonly #resource: Resource;
  readonly #document: string | undefined;
  #json: Json;

  /** @param inside - what a document says that stands in a string there; its edits have to be written into that string */
  constructor(resource: Resource, document?: string, inside?: Json) {
    this.#resource = resource;
    this.#document = document;
    const json = document === undefined ? resource.json : resource.document(document)?.json;
    this.#json = inside ?? json ?? {};
  }

  get(path: readonly (string | number)[]): Json | undefined {
    return getIn(this.#json, path);
  }

  /** Gives a place a value as a whole; parents that are missing are made. */
  set(path: readonly (string | number)[], value: Json, field: string): void {
    const old = this.get(path);
    if (old !== undefined && equalJson(old, value)) return;
    const parent = path.slice(0, -1);
    const holder = this.get(parent);
    if (old === undefined && path.length > 1 && !isObject(holder) && !Array.isArray(holder)) {
      this.set(parent, { [String(path.at(-1))]: value }, field);
      return;
    }
    this.#push({ op: old === undefined ? 'add' : 'replace', path: toPointer(path), value }, field);
  }

  /**
   * Like `set`, but in the smallest steps: maps key by key, lists item by item, so that what stays keeps its comments and style.
   * @param field - one, or one for each item of a list
   */
  reconcile(path: readonly (string | number)[], value: Json, field: string | FieldOf): void {
    const old = this.get(path);
    const fieldOf = typeof field === 'string' ? () => field : field;
    if (isObject(old) && isObject(value)) {
      for (const key of Object.keys(old))
        if (!Object.hasOwn(value, key)) this.remove([...path, key], fieldOf(value));
      for (const [key, item] of Object.entries(value))
        this.reconcile([...path, key], item, fieldOf(value));
    } else if (Array.isArray(old) && Array.isArray(value) && old.length > 0 && value.length > 0) {
      this.#reconcileItems(path, old, value, fieldOf);
    } else {
      this.set(path, value, fieldOf(value));
    }
  }

  #reconcileItems(
    path: readonly (string | number)[],
    old: readonly Json[],
    wanted: readonly Json[],
    fieldOf: FieldOf,
  ): void {
    let index = 0;
    for (const step of alignItems(old, wanted)) {
      const place = [...path, index];
      const item = wanted[index] as Json;
      if (step === 'go') this.remove(place, fieldOf(this.get(place) ?? null));
      else if (step === 'stay') this.reconcile(place, item, fieldOf(item));
      else this.insert(path, index, item, fieldOf(item));
      if (step !== 'go') index += 1;
    }
  }

  /** Puts an item into a list before `index`; the list has to exist. */
  insert(path: readonly (string | number)[], index: number, value: Json, field: string): void {
    this.#push({ op: 'add', path: toPointer([...path, index]), value }, field);
  }

  remove(path: readonly (string | number)[], field: string): void {
    if (this.get(path) !== undefined) this.#push({ op: 'remove', path: toPointer(path) }, field);
  }

  #push(operation: Operation, field: string): void {
    const [resource, document, json] = [this.#resource, this.#document, this.#json];
    const path = fromPointer(operation.path);
    // An operation could only set what the object inherits from.
    if (path.includes(NO_KEY)) throw new UnfitPlace(resource, document, json, path);
    // What a Kubernetes API would refuse: `metadata` is a list, for instance.
    if (Array.isArray(getIn(json, path.slice(0, -1))) && !/^(\d+|-)$/.test(path.at(-1) ?? ''))
      throw new UnfitPlace(resource, document, json, path);
    const result = { before: json, after: applyOperations(json, [operation]) };
    this.#json = result.after;
    this.edits.push({ resource, document, operation, field, result });
  }
}
