/** Looks for words in the parts of a stream: one search answers for many parts that follow each other. */

/** The first place of a word at or behind `from`; where it was not found, nothing of it lies before `until`. */
interface Known {
  from: number;
  /** Where the word ends that was found. */
  found?: { start: number; end: number };
  until: number;
}

/** Bytes that are searched beyond a part: a hundred small resources. */
const AHEAD = 64 * 1024;

/** The bytes of a stream, whose parts are asked for in their order, again and again, for some dozens of words. */
export class ByteSearch {
  readonly #bytes: Buffer;
  readonly #known = new Map<string, Known>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Whether a word stands in a part of the bytes.
   * @param part - a view of these bytes, not a copy
   */
  has(word: string, part: Buffer): boolean {
    const start = part.byteOffset - this.#bytes.byteOffset;
    const end = start + part.length;
    let known = this.#known.get(word);
    if (!known || !isAnswer(known, start, end)) {
      known = this.#search(word, start, Math.max(end, start + AHEAD));
      this.#known.set(word, known);
    }
    return known.found !== undefined && known.found.end <= end;
  }

  #search(word: string, from: number, until: number): Known {
    const at = this.#bytes.subarray(from, until).indexOf(word);
    if (at < 0) return { from, until };
    const start = from + at;
    return { from, found: { start, end: start + Buffer.byteLength(word) }, until };
  }
}

function isAnswer({ from, found, until }: Known, start: number, end: number): boolean {
  return from <= start && (found ? start <= found.start : end <= until);
}
