/**
 * A quick reader for YAML as kustomize and Helm write it: maps and lists in block style or on one line, scalars of one line, literal
 * blocks. It keeps no positions, which only an edit needs, and takes a tenth of the library's time.
 *
 * Whatever it does not know for certain (anchors, tags, folded text, anything malformed) it leaves to the library. It never
 * says anything else than the library: `test/yaml/simple-yaml.test.ts` compares them.
 */
import type { Json, JsonObject } from './json.ts';
import { MOST_LEVELS, NOT_SIMPLE, newKey, readSimpleValue } from './simple-values.ts';

/** What a YAML text says; undefined where the library has to read it. */
export function readSimpleYaml(text: string): JsonObject | Json[] | undefined {
  // A last line without an end changes what a literal block says.
  if (!text.endsWith('\n') || STRANGE.test(text)) return undefined;
  try {
    return new Reader(text.split('\n')).readAll();
  } catch (error) {
    if (error === NOT_SIMPLE) return undefined;
    throw error;
  }
}

/** Control characters other than tab and line feed, and byte order marks. */
const STRANGE = /(?![\t\n])\p{Cc}|\ufeff/u;
const COMMENT_OR_BLANK = /^ *(?:#.*)?$/;
const ITEM = /- *(?! )/y;
/** A key as a word or in quotes, its colon, and the spaces up to its value. */
const KEY = /(?:([A-Za-z0-9_./$][\w./$-]{0,200})|"([^"\\]{0,200})"|'([^']{0,200})'):(?: +(?! )|$)/y;
const LITERAL = /^\|([-+]?) *(?: #.*)?$/;

class Reader {
  readonly #lines: readonly string[];
  #line = 0;
  #levels = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  readAll(): JsonObject | Json[] {
    this.#skip();
    if (this.#lines[this.#line] === '---') {
      this.#line += 1;
      this.#skip();
    }
    if (!this.#isLeft || this.#indent !== 0) throw NOT_SIMPLE;
    const value = this.#block(0);
    if (this.#isLeft) throw NOT_SIMPLE;
    return value;
  }

  get #isLeft(): boolean {
    return this.#line < this.#lines.length;
  }

  get #current(): string {
    return this.#lines[this.#line] ?? '';
  }

  /** Spaces before the content of the line; fewer than any block has where nothing is left. */
  get #indent(): number {
    return this.#isLeft ? this.#current.search(/[^ ]/) : -1;
  }

  /** Comments and blank lines, which may stand in any column. */
  #skip(): void {
    while (this.#isLeft && COMMENT_OR_BLANK.test(this.#current)) this.#line += 1;
  }

  /** A map or a list whose entries begin in a column, the first one on this line: also behind the dash of an item. */
  #block(column: number): JsonObject | Json[] {
    this.#levels += 1;
    if (this.#levels > MOST_LEVELS) throw NOT_SIMPLE;
    const value = this.#isItem(column) ? this.#list(column) : this.#map(column);
    this.#levels -= 1;
    return value;
  }

  #isItem(column: number): boolean {
    return /^-(?: |$)/.test(this.#current.slice(column, column + 2));
  }

  /** Whether a block goes on at this line. */
  #goesOn(column: number): boolean {
    const indent = this.#indent;
    if (indent > column) throw NOT_SIMPLE;
    return indent === column;
  }

  #list(column: number): Json[] {
    const items: Json[] = [];
    do {
      ITEM.lastIndex = column;
      ITEM.test(this.#current);
      const start = ITEM.lastIndex;
      const rest = this.#current.slice(start);
      KEY.lastIndex = start;
      const isBlock = this.#isItem(start) || KEY.test(this.#current);
      items.push(isBlock ? this.#block(start) : this.#value(rest, column, column + 1));
      this.#skip();
    } while (this.#goesOn(column) && this.#isItem(column));
    return items;
  }

  #map(column: number): JsonObject {
    const map: JsonObject = {};
    do {
      KEY.lastIndex = column;
      const match = KEY.exec(this.#current);
      if (!match) throw NOT_SIMPLE;
      const key = newKey(map, match);
      map[key] = this.#value(this.#current.slice(KEY.lastIndex), column, column);
      this.#skip();
    } while (this.#goesOn(column) && !this.#isItem(column));
    return map;
  }

  /**
   * What follows a key or a dash.
   * @param column - of the entry that it is the value of
   * @param listColumn - the first one in which a list on lines of its own may stand: below a key also its own
   */
  #value(rest: string, column: number, listColumn: number): Json {
    const literal = LITERAL.exec(rest);
    this.#line += 1;
    if (literal) return this.#literal(column, literal[1] ?? '');
    if (rest !== '' && !rest.startsWith('#')) return readSimpleValue(rest);
    this.#skip();
    const indent = this.#indent;
    if (indent > column || (indent >= listColumn && this.#isItem(indent)))
      return this.#block(indent);
    return null;
  }

  /** The lines of a literal block: all that are blank, or stand to the right of the entry that they are the value of. */
  #literal(column: number, chomping: string): string {
    const start = this.#line;
    while (this.#isLeft && (this.#indent > column || this.#indent < 0)) this.#line += 1;
    const lines = this.#lines.slice(start, this.#line);
    // What the last line end of the text ends is no line.
    if (!this.#isLeft) lines.pop();
    const indents = lines.map((line) => line.search(/[^ ]/));
    const indent = indents.find((each) => each >= 0) ?? -1;
    const isRagged = indents.some((each, index) =>
      each < 0 ? (lines[index]?.length ?? 0) > indent : each < indent,
    );
    if (indent < 0 || isRagged) throw NOT_SIMPLE;
    const content = lines.map((line) => line.slice(indent)).join('\n');
    if (chomping === '+') return `${content}\n`;
    const end = content.replace(/\n+$/, '');
    return chomping === '-' ? end : `${end}\n`;
  }
}
