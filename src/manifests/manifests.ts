/**
 * Finds the resources of a stream by kind, name and namespace. A chunk is parsed when its kind and a word in its bytes say that it can matter:
 * the function asks with words, and leaves the rest unread; checks ask for whole kinds.
 */

import type { ResourceReference } from '../errors.ts';
import { groupedBy, remembered } from '../maps.ts';
import type { Chunk } from './chunk.ts';
import { type Resource, resourcesOf } from './resource.ts';

/** A document that could not be read. */
export interface BrokenDocument {
  /** Counts the documents of the stream from 1. */
  index: number;
  /** Kind and name, where a line of it tells them. */
  kind: string | undefined;
  name: string | undefined;
  line: number;
  column: number;
  what: string;
}

/** Kinds that more than one API group has: only these groups are meant here. */
const GROUPS = new Map<string, readonly string[]>(
  Object.entries({
    Service: [''],
    Ingress: ['networking.k8s.io', 'extensions'],
    NetworkPolicy: ['networking.k8s.io', 'extensions'],
    Gateway: ['gateway.networking.k8s.io'],
    HTTPRoute: ['gateway.networking.k8s.io'],
    GRPCRoute: ['gateway.networking.k8s.io'],
    TLSRoute: ['gateway.networking.k8s.io'],
    ReferenceGrant: ['gateway.networking.k8s.io'],
    Certificate: ['cert-manager.io'],
    Issuer: ['cert-manager.io'],
    ClusterIssuer: ['cert-manager.io'],
    Cluster: ['michelangelo.api'],
  }),
);

/** What a resource is looked up by: names that it has, or refers to. */
type KeysOf = (resource: Resource) => readonly string[];

const namesOf: KeysOf = ({ names }) => names;

/** Lookups in one stream. What was read stays; what was found holds until `forget` is told of what a rule has changed or taken away. */
export class Manifests {
  readonly #chunks: readonly Chunk[];
  readonly #read = new Map<Chunk, ReturnType<typeof resourcesOf>>();
  /** Chunks that had to be read and cannot be, in the order in which they were needed. */
  readonly #broken = new Map<Chunk, BrokenDocument>();
  /** Answers of `#mayBeOf`, by kinds. */
  readonly #candidates = new Map<string, readonly Chunk[]>();
  /** Answers of `find`, by kinds and words. */
  readonly #found = new Map<string, readonly Resource[]>();
  /** Answers of `ofKind`, by kinds. */
  readonly #ofKind = new Map<string, readonly Resource[]>();
  /** Of `withKey`: resources by key, for each question, by kinds. */
  readonly #indexes = new Map<string, Map<KeysOf, Map<string, Resource[]>>>();
  /** What rules took away. */
  readonly #gone = new Set<Resource>();
  #all: readonly Resource[] | undefined;
  /** The number of each document, as people count them; worked out for the first message. */
  #numbers: Map<Chunk, number> | undefined;

  constructor(chunks: readonly Chunk[]) {
    this.#chunks = [...chunks];
  }

  /** Reads everything, so that all that is broken is known. */
  readAll(): this {
    for (const chunk of this.#chunks) this.#require(chunk);
    return this;
  }

  /** Every resource that can be read, in the order of the stream. */
  get all(): readonly Resource[] {
    this.#all ??= this.#chunks.flatMap((chunk) => this.#require(chunk)).filter(this.#isHere);
    return this.#all;
  }

  /** Documents that had to be read and are not well-formed, in the order in which they were needed. */
  get broken(): BrokenDocument[] {
    return [...this.#broken.values()];
  }

  /** Resources of the given kinds whose chunk mentions one of the words; without words, all of these kinds. */
  find(kinds: readonly string[], words?: readonly string[]): readonly Resource[] {
    return remembered(this.#found, JSON.stringify([kinds, words]), () =>
      this.#mayBeOf(kinds)
        .filter((chunk) => mayHold(chunk, kinds, words))
        .flatMap((chunk) => this.#require(chunk))
        .filter((resource) => kinds.includes(resource.kind) && isOfGroup(resource))
        .filter(this.#isHere),
    );
  }

  /** All resources of the kinds, kind by kind, in the API groups that this program knows them from. */
  ofKind(...kinds: readonly string[]): readonly Resource[] {
    return remembered(this.#ofKind, kinds.join(), () => kinds.flatMap((kind) => this.find([kind])));
  }

  /**
   * The resources of the kinds for which a function gives a key: with it, a question about each of many resources costs no more than
   * the stream is long.
   *
   * @param keysOf - always the same function for the same question
   */
  withKey(keysOf: KeysOf, key: string, ...kinds: readonly string[]): readonly Resource[] {
    const indexes = remembered(this.#indexes, kinds.join(), () => new Map());
    const index = remembered(indexes, keysOf, () => groupedBy(this.find(kinds), keysOf));
    return index.get(key) ?? [];
  }

  /** Resources of any kind whose chunk mentions one of the words, as far as they can be read. */
  mentioning(words: readonly string[]): Resource[] {
    return this.#chunks
      .filter((chunk) => chunk.mentions(words))
      .flatMap((chunk) => this.#resourcesOf(chunk).resources);
  }

  /**
   * The resource that a name refers to from a namespace, by its current or its original name; cluster-scoped ones are found from
   * everywhere.
   */
  named(kind: string, name: string, namespace = ''): Resource | undefined {
    const found = this.namesakes(kind, name);
    const here = found.filter((resource) => resource.namespace === namespace);
    const near = here.length > 0 ? here : found;
    const candidates = near.filter((resource) => sameNamespace(resource.namespace, namespace));
    return candidates.find((resource) => resource.name === name) ?? candidates[0];
  }

  /** Resources of a kind that have a name, or had it, in any namespace. */
  namesakes(kind: string, name: string): readonly Resource[] {
    return this.withKey(namesOf, name, kind);
  }

  /** Takes resources out of every answer, and lets each be found anew: a rule has changed some, and taken these away. */
  forget(resources: readonly Resource[]): void {
    for (const resource of resources) this.#gone.add(resource);
    this.#all = undefined;
    this.#ofKind.clear();
    this.#indexes.clear();
    for (const [key, found] of this.#found) this.#found.set(key, found.filter(this.#isHere));
  }

  /** Whether a chunk that may be of one of the kinds, and mentions one of the words, could not be read. */
  isBroken(kinds: readonly string[], words: readonly string[]): boolean {
    return [...this.#broken.keys()].some((chunk) => mayBe(chunk, kinds, words));
  }

  /** Whether anything may be of one of the kinds and mentions one of the words. */
  mayHave(kinds: readonly string[], words: readonly string[]): boolean {
    return this.#chunks.some((chunk) => mayBe(chunk, kinds, words));
  }

  /** `Kind name` of everything that is one of the kinds: what a message says was looked at. */
  labels(kinds: readonly string[]): string[] {
    const labels = this.#chunks.flatMap((chunk) => {
      const kind = chunk.kindHint;
      if (kind === undefined)
        return (chunk.mentions(kinds) ? this.#require(chunk) : [])
          .filter((resource) => kinds.includes(resource.kind))
          .map((resource) => `${resource.kind} ${resource.name}`);
      if (!kinds.includes(kind)) return [];
      // Parsed only where the lines do not tell; what does not parse has no name.
      const [first] = chunk.nameHint ? [] : this.#resourcesOf(chunk).resources;
      return [`${kind} ${chunk.nameHint ?? (first?.name || 'without a name')}`];
    });
    return [...new Set(labels)];
  }

  /** Those whose lines do not say that they are of another kind. */
  #mayBeOf(kinds: readonly string[]): readonly Chunk[] {
    return remembered(this.#candidates, kinds.join(), () =>
      this.#chunks.filter(({ kindHint }) => kindHint === undefined || kinds.includes(kindHint)),
    );
  }

  readonly #isHere = (resource: Resource): boolean => !this.#gone.has(resource);

  #resourcesOf(chunk: Chunk): ReturnType<typeof resourcesOf> {
    return remembered(this.#read, chunk, () => resourcesOf(chunk));
  }

  /** What is in a chunk that has to be read: where it is not well-formed, that is remembered. */
  #require(chunk: Chunk): Resource[] {
    const { resources, problem } = this.#resourcesOf(chunk);
    if (problem && !this.#broken.has(chunk))
      this.#broken.set(chunk, {
        index: this.#numberOf(chunk),
        kind: chunk.kindHint,
        name: chunk.nameHint,
        ...problem,
      });
    return resources;
  }

  /** Counted from 1, without those that hold nothing but comments. */
  #numberOf(chunk: Chunk): number {
    if (!this.#numbers) {
      this.#numbers = new Map();
      let number = 1;
      for (const each of this.#chunks) {
        this.#numbers.set(each, number);
        if (/^(?!---(?:\s|$))[^\s#]|^--- *[^\s#]/m.test(each.text)) number += 1;
      }
    }
    return this.#numbers.get(chunk) ?? 0;
  }
}

/** Whether two namespaces can be one: a stream that Helm renders leaves out the release's own. */
export function sameNamespace(left: string, right: string): boolean {
  return left === right || left === '' || right === '';
}

/** The API group of a resource; empty for the core group. */
export function groupOf(resource: Resource): string {
  return groupOfVersion(resource.reference.apiVersion);
}

/** The same of an `apiVersion`. */
export function groupOfVersion(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function isOfGroup(resource: Resource): boolean {
  return GROUPS.get(resource.kind)?.includes(groupOf(resource)) ?? true;
}

/** Without words the kind decides; one that only a parser can tell has to stand somewhere in the bytes. */
function mayHold(chunk: Chunk, kinds: readonly string[], words: readonly string[] | undefined) {
  const hint = chunk.kindHint;
  if (hint !== undefined && !kinds.includes(hint)) return false;
  return words ? chunk.mentions(words) : hint !== undefined || chunk.mentions(kinds);
}

function mayBe(chunk: Chunk, kinds: readonly string[], words: readonly string[]): boolean {
  return mayHold(chunk, kinds, words.length > 0 ? words : kinds);
}

/** Where `kubectl apply` puts a resource, whatever version of its API it is written in. */
export function sameObject(left: ResourceReference, right: ResourceReference): boolean {
  return (
    left.kind === right.kind &&
    left.name === right.name &&
    left.namespace === right.namespace &&
    groupOfVersion(left.apiVersion) === groupOfVersion(right.apiVersion)
  );
}
