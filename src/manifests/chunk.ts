/** A piece of the input that parses on its own: kept as bytes until something in it has to be read. */
import { carryOut } from '../yaml/carry-out.ts';
import { endLine } from '../yaml/end-line.ts';
import { mayHideWords } from '../yaml/escapes.ts';
import { type Json, withValue } from '../yaml/json.ts';
import { applyOperations, type Operation } from '../yaml/json-patch.ts';
import { parseYamlOnce } from '../yaml/lately-read.ts';
import type { Language } from '../yaml/print.ts';
import { encodingProblemOf } from '../yaml/utf8.ts';
import { type ParsedYaml, parseYaml } from '../yaml/yaml.ts';
import type { ByteSearch } from './byte-search.ts';
import type { Resource } from './resource.ts';

/** How many chunks keep their tree, which takes thirty times the room of the text: only an edit needs it, and reads an older chunk again. */
export const MOST_TREES = 2000;

export class Chunk {
  /** Those that keep their tree, the one that was asked for longest ago first. Nobody else may need them any more: a build has ended. */
  static readonly #withTree = new Set<WeakRef<Chunk>>();
  #self: WeakRef<Chunk> | undefined;
  readonly #bytes: Buffer;
  readonly #stream: ByteSearch | undefined;
  #mayHide: boolean | undefined;
  #kind: { hint: string | undefined } | undefined;
  #text: string | undefined;
  #parsed: ParsedYaml | undefined;
  /** What the text says, where its tree is not kept. */
  #said: Pick<ParsedYaml, 'json' | 'problems'> | undefined;
  #isChanged = false;
  /** What the chunk says with the edits that are pending, and those edits. */
  #json: Json | undefined;
  #pending: Operation[] = [];
  /** Resources with edits of their own that are not among the pending ones yet. */
  #edited: Set<Resource> | undefined;

  /** @param stream - the bytes that these are a part of */
  constructor(bytes: Buffer, stream?: ByteSearch) {
    this.#bytes = bytes;
    this.#stream = stream;
  }

  /**
   * The bytes as they came, or the changed text in UTF-8.
   * @param isFollowed - whether something follows that begins on a line of its own: no value may change by that
   */
  toBytes(isFollowed = false): Buffer {
    this.#write();
    const bytes = this.#isChanged ? Buffer.from(this.text) : this.#bytes;
    const isOpen =
      isFollowed && bytes.length > 0 && !/[\r\n]$/.test(bytes.toString('latin1', bytes.length - 1));
    return isOpen ? Buffer.from(endLine(this.text, this.parsed.document.contents)) : bytes;
  }

  /** The line end that the chunk came with; undefined where it has none. */
  get lineEnd(): string | undefined {
    const end = this.#bytes.indexOf('\n');
    if (end < 0) return undefined;
    return this.#bytes[end - 1] === 0x0d ? '\r\n' : '\n';
  }

  get text(): string {
    this.#write();
    this.#text ??= this.#bytes.toString('utf8');
    return this.#text;
  }

  get parsed(): ParsedYaml {
    this.#write();
    const parsed = this.#parsed ?? { ...this.#read(), ...this.#said };
    this.#parsed = parsed;
    this.#keepTree();
    return parsed;
  }

  /** What the text says, for which no tree is read again. */
  get said(): Pick<ParsedYaml, 'json' | 'problems'> {
    this.#write();
    return this.#said ?? this.parsed;
  }

  /** In place of another chunk's, where too many have theirs. */
  #keepTree(): void {
    const kept = Chunk.#withTree;
    this.#self ??= new WeakRef(this);
    kept.delete(this.#self);
    kept.add(this.#self);
    const [first] = kept;
    if (kept.size <= MOST_TREES || !first) return;
    kept.delete(first);
    const oldest = first.deref();
    if (oldest === undefined || oldest.#parsed === undefined) return;
    const { json, problems } = oldest.#parsed;
    oldest.#said = { json, problems };
    oldest.#parsed = undefined;
  }

  /** Bytes that are not strings would not come out as they went in. */
  #read(): ParsedYaml {
    const problem = this.#isChanged ? undefined : encodingProblemOf(this.#bytes);
    const parsed = parseYamlOnce(problem ? '' : this.text);
    return problem ? { ...parsed, json: undefined, problems: [problem] } : parsed;
  }

  /** What the text says, pending edits included. */
  get json(): Json | undefined {
    this.#collect();
    return this.#pending.length > 0 ? this.#json : (this.#said ?? this.parsed).json;
  }

  /** JSON stays JSON. */
  get language(): Language {
    return this.text.trimStart().startsWith('{') ? 'json' : 'yaml';
  }

  /** Leaves nothing of the chunk. */
  clear(): void {
    this.#edited = undefined;
    this.#pending = [];
    this.#text = '';
    this.#parsed = undefined;
    this.#said = undefined;
    this.#isChanged = true;
  }

  /** Writes the edits of a resource when the text is next asked for: many edits then cost one reading. */
  follow(resource: Resource): void {
    this.#edited ??= new Set();
    this.#edited.add(resource);
  }

  /** The same for an operation on the chunk as a whole; places of resources that it moves no longer hold. */
  edit(operation: Operation): void {
    this.#json = applyOperations(this.json ?? {}, [operation]);
    this.#pending.push(operation);
  }

  #collect(): void {
    if (!this.#edited) return;
    for (const resource of this.#edited) {
      const json = this.#pending.length > 0 ? this.#json : (this.#parsed ?? this.#said)?.json;
      this.#pending.push(...resource.takePending());
      this.#json = withValue(json ?? {}, resource.path, resource.json);
    }
    this.#edited = undefined;
  }

  #write(): void {
    this.#collect();
    const operations = this.#pending;
    if (operations.length === 0) return;
    this.#pending = [];
    this.#parsed = carryOut(this.parsed, operations, this.language, parseYaml, this.#json);
    this.#text = this.#parsed.text;
    this.#said = undefined;
    this.#isChanged = true;
  }

  /** Takes a text for its own that was made from what it says now. */
  rewrite(parsed: ParsedYaml): void {
    this.#parsed = parsed;
    this.#said = undefined;
    this.#text = parsed.text;
    this.#isChanged = true;
  }

  /** Whether the text as it is now passes a test; letters beyond ASCII may look otherwise. */
  passes(test: (text: string) => boolean): boolean {
    this.#write();
    return test(this.#text ?? this.#latin1);
  }

  /** Whether one of the strings occurs in the bytes, or may be hidden by an escape: a quick look without parsing. */
  mentions(strings: readonly string[]): boolean {
    if (strings.some((string) => this.#has(string))) return true;
    this.#mayHide ??= this.#has('\\') && mayHideWords(this.#latin1);
    return this.#mayHide && strings.length > 0;
  }

  #has(string: string): boolean {
    return this.#stream?.has(string, this.#bytes) ?? this.#bytes.includes(string);
  }

  /**
   * The `kind` as a line of the top level says it; undefined where only a parser can tell (flow style, JSON, a List).
   *
   * A line at the indentation of the resource's own keys cannot lie inside a block scalar or a nested map.
   */
  get kindHint(): string | undefined {
    if (!this.#kind) {
      const head = this.#latin1;
      const line = head.startsWith('- ') ? KIND_OF_ITEM : KIND_OF_DOCUMENT;
      // Lines of a map in flow style stand wherever they like.
      const kind = FLOW_MAP.test(head) ? undefined : line.exec(head)?.[2];
      this.#kind = { hint: kind?.endsWith('List') ? undefined : kind };
    }
    return this.#kind.hint;
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

const FLOW_MAP =
  /^(?:\xef\xbb\xbf)?(?:(?:#[^\n]*|---[ \t]*(?:#[^\n]*)?|[ \t\r]*)\n)*(?:---)?[ \t]*[{[]/;
const NAME = /^ {2,4}name:[ \t]*(["']?)([a-z0-9][a-z0-9.:-]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
const KIND_OF_DOCUMENT = /^kind:[ \t]*(["']?)([A-Za-z][A-Za-z0-9]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
const KIND_OF_ITEM =
  /^(?:- | {2})kind:[ \t]*(["']?)([A-Za-z][A-Za-z0-9]*)\1[ \t]*(?:#[^\r\n]*)?\r?$/m;
