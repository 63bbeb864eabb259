/** The part of the input that could play a role: found by kind and by words in the bytes, and only then parsed. */
import type { Problem } from '../errors.ts';
import { getIn } from '../yaml/json.ts';
import type { Chunk } from './chunk.ts';
import { type Resource, resourcesOf } from './resource.ts';

export class Candidates {
  readonly #chunks: readonly Chunk[];
  readonly #parsed = new Map<Chunk, Resource[]>();
  readonly #broken = new Set<Chunk>();
  readonly problems: Problem[] = [];

  constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks;
  }

  /**
   * Resources of the given kinds whose chunk mentions one of the words. A chunk that has to be read for that and is no
   * YAML becomes a problem; any other passes unread.
   */
  find(kinds: readonly string[], words: readonly string[]): Resource[] {
    return this.#chunks
      .filter((chunk) => isCandidate(chunk, kinds, words))
      .flatMap((chunk) => this.#read(chunk).filter(({ kind }) => kinds.includes(kind)));
  }

  /** Resources of any kind that carry a label, as far as they can be read. */
  withLabel(label: string): Resource[] {
    return this.#chunks
      .filter((chunk) => chunk.mentions([label]))
      .flatMap((chunk) => resourcesOf(chunk).resources)
      .filter(({ json }) => getIn(json, ['metadata', 'labels', label]) !== undefined);
  }

  /** Whether a chunk that may hold one of the kinds, and mentions one of the words, could not be read. */
  isBroken(kinds: readonly string[], words: readonly string[]): boolean {
    return [...this.#broken].some((chunk) =>
      isCandidate(chunk, kinds, words.length > 0 ? words : kinds),
    );
  }

  /** Whether anything may be of one of the kinds and mentions one of the words. */
  has(kinds: readonly string[], words: readonly string[]): boolean {
    return this.#chunks.some((chunk) =>
      isCandidate(chunk, kinds, words.length > 0 ? words : kinds),
    );
  }

  /** `Kind name` of everything that is one of the kinds: what a message says was looked at. */
  labels(kinds: readonly string[]): string[] {
    return this.#chunks.flatMap((chunk) => {
      const kind = chunk.kindHint;
      if (kind !== undefined)
        return kinds.includes(kind) ? [`${kind} ${chunk.nameHint ?? nameOf(chunk)}`] : [];
      if (!chunk.mentions(kinds)) return [];
      return this.#read(chunk)
        .filter((resource) => kinds.includes(resource.kind))
        .map((resource) => `${resource.kind} ${resource.name}`);
    });
  }

  /** Counted from 1, without those that hold nothing but comments. */
  #numberOf(chunk: Chunk): number {
    const before = this.#chunks.slice(0, this.#chunks.indexOf(chunk));
    return (
      before.filter(({ text }) => /^(?!---(?:\s|$))[^\s#]|^--- *[^\s#]/m.test(text)).length + 1
    );
  }

  #read(chunk: Chunk): Resource[] {
    const known = this.#parsed.get(chunk);
    if (known) return known;
    const { resources, problem } = resourcesOf(chunk);
    this.#parsed.set(chunk, resources);
    if (problem) {
      this.#broken.add(chunk);
      const kind = chunk.kindHint ?? 'resource';
      const name = chunk.nameHint;
      this.problems.push({
        code: 'input-syntax',
        severity: 'error',
        message: `a ${kind} that the function has to read is not well-formed YAML`,
        ...(name ? { resource: { apiVersion: '', kind, name } } : {}),
        path: `document ${this.#numberOf(chunk)} of the input, line ${problem.line}, column ${problem.column} of it`,
        found: problem.what,
        expected: 'YAML as Kubernetes reads it',
        mend: 'mend the YAML at this place; kubectl apply would refuse it as well',
      });
    }
    return resources;
  }
}

function isCandidate(chunk: Chunk, kinds: readonly string[], words: readonly string[]): boolean {
  const hint = chunk.kindHint;
  return (hint === undefined || kinds.includes(hint)) && chunk.mentions(words);
}

/** Parsed only where the lines do not tell; what does not parse has no name. */
function nameOf(chunk: Chunk): string {
  return resourcesOf(chunk).resources[0]?.name || 'without a name';
}
