/** A Kubernetes resource as rules see it: plain JSON, with the documents inside a ConfigMap as plain JSON too. */
import type { ResourceReference } from '../errors.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  stringAt,
  toPointer,
} from '../yaml/json.ts';
import type { Operation } from '../yaml/json-patch.ts';
import type { SyntaxProblem } from '../yaml/yaml.ts';
import type { Chunk } from './chunk.ts';
import { EmbeddedDocument } from './embedded-document.ts';

/** Written by kustomize; the first of its comma list is the name that the resource had in its base. */
const PREVIOUS_NAMES = 'internal.config.kubernetes.io/previousNames';

/** What the annotations by which kustomize tells of former names and namespaces begin with. */
export const PREVIOUS = 'internal.config.kubernetes.io/previous';

/** Written by `kubectl apply`: what was there before. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Overrides the search for a role; its value is the role's name. */
export const ROLE_LABEL = 'network.michelangelo.api/role';

/** Kind and version of the items of a `ConfigMapList`, which the API takes from the list. */
interface ListedAs {
  [key: string]: string;
  kind: string;
  apiVersion: string;
}

/** One resource. Its JSON has every edit at once; the text of its chunk follows when it is asked for. */
export class Resource {
  readonly chunk: Chunk;
  /** Where the resource stands in its chunk: `[]`, or `['items', '0']` in a list. */
  readonly path: readonly string[];
  json: JsonObject;
  readonly #documents = new Map<string, EmbeddedDocument>();
  /** Edits that the chunk does not have yet. */
  #pending: Operation[] = [];

  /** What a list of one kind says of its items, which may leave it out. */
  readonly #listed: ListedAs | undefined;

  constructor(chunk: Chunk, path: readonly string[], json: JsonObject, listed?: ListedAs) {
    this.chunk = chunk;
    this.path = path;
    this.json = json;
    this.#listed = listed;
  }

  /** Takes over an edit, with what the resource is then. */
  edit(operation: Operation, json: JsonObject): void {
    this.#pending.push(operation);
    this.json = json;
  }

  /** Hands the pending edits over, on the path of the chunk; those of documents as the new text of each. */
  takePending(): Operation[] {
    const edited = [...this.#documents.values()].filter((document) => document.isEdited);
    const texts = edited.map((document): Operation => {
      const path = toPointer(['data', document.key]);
      return { op: 'replace', path, value: document.write() };
    });
    const written = edited.map(({ key, text }) => [key, text]);
    // One copy for all of them.
    if (edited.length > 0)
      this.json = {
        ...this.json,
        data: { ...objectAt(this.json, ['data']), ...Object.fromEntries(written) },
      };
    const pending = [...texts, ...this.#pending];
    this.#pending = [];
    return pending.map((operation) => ({
      ...operation,
      path: toPointer(this.path) + operation.path,
    }));
  }

  get kind(): string {
    return stringAt(this.json, ['kind']) || (this.#listed?.kind ?? '');
  }

  get name(): string {
    return stringAt(this.json, ['metadata', 'name']);
  }

  /** Empty where none is set. */
  get namespace(): string {
    return stringAt(this.json, ['metadata', 'namespace']);
  }

  /** The name that the resource had before kustomize's prefixes, suffixes and hashes. */
  get originalName(): string {
    return this.annotation(PREVIOUS_NAMES)?.split(',')[0] || this.name;
  }

  /** Current and original name: references in this build may use either. */
  get names(): string[] {
    return [...new Set([this.name, this.originalName])];
  }

  /** The value of an annotation; undefined where there is not a string. */
  annotation(key: string): string | undefined {
    const value = this.annotations[key];
    return typeof value === 'string' ? value : undefined;
  }

  get annotations(): JsonObject {
    return objectAt(this.json, ['metadata', 'annotations']);
  }

  get role(): string {
    return stringAt(this.json, ['metadata', 'labels', ROLE_LABEL]);
  }

  get reference(): ResourceReference {
    return referenceOf({ ...this.#listed, ...this.json });
  }

  /** The document under a key of `data`, parsed once; undefined where there is not a string. */
  document(key: string): EmbeddedDocument | undefined {
    const text = objectAt(this.json, ['data'])[key];
    if (typeof text !== 'string') return undefined;
    const known = this.#documents.get(key);
    // A value may have been replaced as a whole since it was read.
    const isFresh = known !== undefined && (known.isEdited || known.text === text);
    const document = isFresh ? known : new EmbeddedDocument(key, text);
    this.#documents.set(key, document);
    return document;
  }

  /** The keys of `data` whose text passes a test, without parsing any. */
  documentKeys(test: (text: string) => boolean): string[] {
    return Object.entries(objectAt(this.json, ['data']))
      .filter(([, text]) => typeof text === 'string' && test(text))
      .map(([key]) => key);
  }
}

/** Whether this build has given a resource another name, or another namespace. */
export function hasPreviousName(resource: Resource): boolean {
  return Object.keys(resource.annotations).some((key) => key.startsWith(PREVIOUS));
}

/** What a message needs to point at the resource that some JSON is. */
export function referenceOf(json: JsonObject): ResourceReference {
  const namespace = stringAt(json, ['metadata', 'namespace']);
  return {
    apiVersion: stringAt(json, ['apiVersion']),
    kind: stringAt(json, ['kind']),
    ...(namespace ? { namespace } : {}),
    name: stringAt(json, ['metadata', 'name']),
  };
}

/** The resources of a chunk; a Kubernetes `List` has several, a comment none. */
export function resourcesOf(chunk: Chunk): { resources: Resource[]; problem?: SyntaxProblem } {
  const { json, problems } = chunk.said;
  if (problems[0]) return { resources: [], problem: problems[0] };
  return { resources: collect(chunk, [], json) };
}

function collect(
  chunk: Chunk,
  path: readonly string[],
  json: Json | undefined,
  listed?: ListedAs,
): Resource[] {
  if (Array.isArray(json))
    return json.flatMap((item, index) => collect(chunk, [...path, String(index)], item, listed));
  if (!isObject(json)) return [];
  const items = json['items'];
  const kind = stringAt(json, ['kind']);
  if (Array.isArray(items) && kind.endsWith('List')) {
    const of = { kind: kind.slice(0, -'List'.length), apiVersion: stringAt(json, ['apiVersion']) };
    return collect(chunk, [...path, 'items'], items, of.kind ? of : undefined);
  }
  const isOne = typeof json['kind'] === 'string' || listed !== undefined;
  return isOne ? [new Resource(chunk, path, json, listed)] : [];
}
