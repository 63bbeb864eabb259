/** A piece of the input that parses on its own: kept as bytes until something in it has to be read. */

import { carryOut, type TextOperation } from '../yaml/carry-out.ts';
import type { Language } from '../yaml/print.ts';
import { type ParsedYaml, parseYaml } from '../yaml/yaml.ts';

export class Chunk {
  readonly #bytes: Buffer;
  #kind: { hint: string | undefined } | undefined;
  #text: string | undefined;
  #parsed: ParsedYaml | undefined;
  #deferred: (() => void) | undefined;
  #isChanged = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The bytes as they came, or the changed text in UTF-8. */
  toBytes(): Buffer {
    this.#settle();
    return this.#isChanged ? Buffer.from(this.text) : this.#bytes;
  }

  get text(): string {
    this.#settle();
    this.#text ??= this.#bytes.toString('utf8');
    return this.#text;
  }

  get parsed(): ParsedYaml {
    this.#settle();
    this.#parsed ??= parseYaml(this.text);
    return this.#parsed;
  }

  /** Work that changes the text, put off until the text is next read: many edits then cost one reading. */
  defer(work: () => void): void {
    this.#settle();
    this.#deferred = work;
  }

  #settle(): void {
    const work = this.#deferred;
    this.#deferred = undefined;
    work?.();
  }

  /** JSON stays JSON. */
  get language(): Language {
    return this.text.trimStart().startsWith('{') ? 'json' : 'yaml';
  }

  /** Leaves nothing of the chunk. */
  clear(): void {
    this.#settle();
    this.#text = '';
    this.#parsed = undefined;
    this.#isChanged = true;
  }

  /** Carries operations on the whole chunk out in its text. */
  carryOut(operations: readonly TextOperation[]): void {
    const { parsed } = carryOut(this.parsed, operations, this.language, parseYaml);
    this.#text = parsed.text;
    this.#parsed = parsed;
    this.#isChanged = true;
  }

  /** Whether one of the strings occurs in the bytes: a quick look without parsing. */
  mentions(strings: readonly string[]): boolean {
    return strings.some((string) => this.#bytes.includes(string));
  }

  /**
   * The `kind` as a line of the top level says it; undefined where only a parser can tell (flow style, JSON, a List).
   *
   * A line at the indentation of the resource's own keys cannot lie inside a block scalar or a nested map.
   */
  get kindHint(): string | undefined {
    this.#kind ??= { hint: this.#findKind() };
    return this.#kind.hint;
  }

  #findKind(): string | undefined {
    const head = this.#latin1;
    const kind = head.startsWith('- ')
      ? KIND_OF_ITEM.exec(head)?.[2]
      : KIND_OF_DOCUMENT.exec(head)?.[2];
    return kind?.endsWith('List') ? undefined : kind;
  }

  /** The bytes as characters of one byte each: enough to look for names and keys, and quicker than UTF-8. */
  get #latin1(): string {
    return this.#bytes.toString('latin1');
  }

  /** What is probably the resource's name: good enough for a message about text that does not parse. */
  get nameHint(): string | undefined {
    const text = this.#latin1;
    const metadata = text.search(/^(?:- | {2})?metadata:/m);
    return metadata < 0 ? undefined : NAME.exec(text.slice(metadata))?.[2];
  }
}

const NAME = /^ {2,4}name:[ \t]*(["']?)([a-z0-9][a-z0-9.:-]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
const KIND_OF_DOCUMENT = /^kind:[ \t]*(["']?)([A-Za-z][A-Za-z0-9]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
const KIND_OF_ITEM =
  /^(?:- | {2})kind:[ \t]*(["']?)([A-Za-z][A-Za-z0-9]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
