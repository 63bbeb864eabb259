/** Values of simple YAML that stand on one line: scalars, and maps and lists in flow style. */
import type { Json, JsonObject } from './json.ts';

/** Thrown for all that the library has to read. */
export const NOT_SIMPLE = new Error('not simple YAML');

/** Deeper nesting is the library's, which knows when it is too deep. */
export const MOST_LEVELS = 64;

const DOUBLE_QUOTED = /^("(?:[^"\\\t]|\\["\\/bfnrt])*") *(?: #.*)?$/;
const SINGLE_QUOTED = /^'((?:[^'\t]|'')*)' *(?: #.*)?$/;
/** A plain scalar begins with no indicator, and holds no tab. */
const PLAIN = /^(?:[^-?:,[\]{}#&*!|>'"%@`\s]|-(?=[^\s]))[^\t]*$/;

/** The pieces of flow style, each with the spaces around it; what else stands there is the library's. */
const FLOW_OPEN = /([[{]) */y;
const FLOW_CLOSE = / *[\]}]/y;
const FLOW_COMMA = / *, */y;
const FLOW_KEY = /(?:([A-Za-z0-9_./$][\w./$-]{0,200})|"([^"\\]{0,200})"|'([^']{0,200})'): +/y;
const FLOW_DOUBLE_QUOTED = /"(?:[^"\\\t]|\\["\\/bfnrt])*"/y;
const FLOW_SINGLE_QUOTED = /'((?:[^'\t]|'')*)'(?!')/y;
/** Letters, digits and what never means anything in flow style, with single spaces between. */
const FLOW_PLAIN =
  /[\w./$(][\w./$()+@=;~^-]*(?::[\w./$][\w./$()+@=;~^-]*)*(?: [\w./$(][\w./$()+@=;~^-]*)*(?= *[,\]}])/y;
const AFTER_FLOW = / *(?: #.*)?$/y;

/** The key of a match, which has to be a string and new in its map. */
export function newKey(map: JsonObject, [, plain, double, single]: RegExpExecArray): string {
  const key = plain === undefined ? (double ?? single ?? '') : plainScalar(plain);
  if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(map, key)) throw NOT_SIMPLE;
  return key;
}

/** A map or a list in flow style that ends on its line. */
class FlowReader {
  readonly #text: string;
  #position = 0;
  #levels = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): Json {
    const value = this.#value();
    this.#require(AFTER_FLOW);
    return value;
  }

  #value(): Json {
    const open = this.#match(FLOW_OPEN)?.[1];
    if (open) return open === '[' ? this.#list() : this.#map();
    const double = this.#match(FLOW_DOUBLE_QUOTED)?.[0];
    if (double !== undefined) return JSON.parse(double) as string;
    const single = this.#match(FLOW_SINGLE_QUOTED)?.[1];
    if (single !== undefined) return single.replaceAll("''", "'");
    return plainScalar(this.#require(FLOW_PLAIN)[0]);
  }

  #list(): Json[] {
    const items: Json[] = [];
    this.#untilClosed(']', () => items.push(this.#value()));
    return items;
  }

  #map(): JsonObject {
    const map: JsonObject = {};
    this.#untilClosed('}', () => {
      const key = newKey(map, this.#require(FLOW_KEY));
      map[key] = this.#value();
    });
    return map;
  }

  #untilClosed(bracket: string, readEntry: () => void): void {
    this.#levels += 1;
    if (this.#levels > MOST_LEVELS) throw NOT_SIMPLE;
    let close = this.#match(FLOW_CLOSE);
    while (!close) {
      readEntry();
      close = this.#match(FLOW_CLOSE);
      if (!close) this.#require(FLOW_COMMA);
    }
    if (!close[0].endsWith(bracket)) throw NOT_SIMPLE;
    this.#levels -= 1;
  }

  #match(piece: RegExp): RegExpExecArray | null {
    piece.lastIndex = this.#position;
    const match = piece.exec(this.#text);
    if (match) this.#position = piece.lastIndex;
    return match;
  }

  #require(piece: RegExp): RegExpExecArray {
    const match = this.#match(piece);
    if (!match) throw NOT_SIMPLE;
    return match;
  }
}

/** What stands behind a key or a dash, with the comment behind it. */
export function readSimpleValue(text: string): Json {
  const quoted = DOUBLE_QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return JSON.parse(quoted) as string;
  const single = SINGLE_QUOTED.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (/^[[{]/.test(text)) return new FlowReader(text).readAll();
  if (!PLAIN.test(text)) throw NOT_SIMPLE;
  const comment = text.indexOf(' #');
  return plainScalar((comment < 0 ? text : text.slice(0, comment)).replace(/ +$/, ''));
}

/** Numbers that every reader takes for the same: the library reads the others, `007` and `1e3`. */
const SAFE_NUMBER = /^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,8})\.\d{1,8})$/;
const NUMBER =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.inf|\.nan)$/i;
/** Booleans and nulls in any spelling, and what YAML 1.1 takes for one. */
const WORD = /^(?:~|null|true|false|y|yes|n|no|on|off)$/i;

function plainScalar(text: string): Json {
  if (text.includes(': ') || text.endsWith(':') || text.startsWith('<<')) throw NOT_SIMPLE;
  if (text === 'true' || text === 'false') return text === 'true';
  if (SAFE_NUMBER.test(text)) return Number(text);
  if (WORD.test(text)) {
    if (text === 'null') return null;
    throw NOT_SIMPLE;
  }
  if (NUMBER.test(text)) throw NOT_SIMPLE;
  return text;
}
