/** All chunks of a call, with the form in which resources are added to them and taken away. */
import { getIn, type JsonObject, toPointer } from '../yaml/json.ts';
import { printYamlOnce } from '../yaml/lately-read.ts';
import { Chunk } from './chunk.ts';
import type { Resource } from './resource.ts';

/** Documents of a stream, items of a list that was cut into pieces, or items of a list that is one chunk. */
type BatchForm = 'documents' | 'items' | 'list';

/** The chunks of one call: what is added or taken away keeps to the form of the input. */
export class Batch {
  /** Everything, in the order of the input; some may hold no resource. */
  readonly chunks: Chunk[];
  /** Those that may hold resources. */
  readonly items: Chunk[];
  readonly #form: BatchForm;
  readonly #added = new Set<Chunk>();

  constructor(form: BatchForm, chunks: Chunk[], items: Chunk[] = chunks) {
    this.#form = form;
    this.chunks = chunks;
    this.items = items;
  }

  /**
   * What comes out, in order. Neighbours that nobody touched are one piece of the input: a copy of a large stream would take its room once
   * more.
   */
  toPieces(): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (const [index, chunk] of this.chunks.entries()) {
      const bytes = chunk.toBytes(this.#isAdded(this.chunks[index + 1]));
      const joined = joinedInPlace(pieces.at(-1), bytes);
      if (joined) pieces[pieces.length - 1] = joined;
      else pieces.push(bytes);
    }
    return pieces;
  }

  /** The same in one piece. */
  toBytes(): Buffer {
    return Buffer.concat(this.toPieces());
  }

  #isAdded(chunk: Chunk | undefined): boolean {
    return chunk !== undefined && this.#added.has(chunk);
  }

  /** Adds a resource after the last one. */
  add(json: JsonObject): void {
    const whole = this.#form === 'list' ? this.items[0] : undefined;
    if (whole) {
      const hasItems = Array.isArray(getIn(whole.json, ['items']));
      const [path, value] = hasItems ? ['/items/-', json] : ['/items', [json]];
      whole.edit({ op: 'add', path, value });
      return;
    }
    const last = this.items.at(-1);
    const text = this.#form === 'items' ? printYamlOnce([json]) : `---\n${printYamlOnce(json)}`;
    const lineEnd = this.items.findLast((item) => item.lineEnd)?.lineEnd ?? '\n';
    const chunk = new Chunk(Buffer.from(text.replaceAll('\n', lineEnd)));
    this.#added.add(chunk);
    this.chunks.splice(last ? this.chunks.indexOf(last) + 1 : this.chunks.length, 0, chunk);
    if (this.items !== this.chunks) this.items.push(chunk);
  }

  /** Takes resources away; those that share a chunk go from the last to the first, so that their places hold. */
  remove(resources: readonly Resource[]): void {
    for (const { chunk, path } of [...resources].sort(fromLastToFirst)) {
      const isAlone = path.length === 0 || (this.#form === 'items' && path.length === 1);
      if (isAlone) chunk.clear();
      else chunk.edit({ op: 'remove', path: toPointer(path) });
    }
  }
}

/** By the whole path: a list may hold lists. */
function fromLastToFirst(left: Resource, right: Resource): number {
  const place = ({ path }: Resource) => path.map((key) => key.padStart(10, '0')).join('/');
  return place(left) < place(right) ? 1 : -1;
}

/** Two neighbours as one where they already are that in memory. */
function joinedInPlace(left: Uint8Array | undefined, right: Uint8Array): Uint8Array | undefined {
  if (left?.buffer !== right.buffer || left.byteOffset + left.length !== right.byteOffset) return;
  return new Uint8Array(left.buffer, left.byteOffset, left.length + right.length);
}
