/** Reads RE2's syntax into nodes. */
import { type CharacterTest, namedClass, readEscape } from './character-classes.ts';
import type { ExpressionNode } from './expression.ts';

/** Thrown inside this module alone. */
class Unreadable extends Error {}

/** RE2's own limit of a counted repetition. */
const MOST_REPEATS = 1000;

/** Undefined where an expression is malformed or uses what is not known here. */
export function parseExpression(text: string): ExpressionNode | undefined {
  try {
    return new ExpressionParser(text).parse();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return undefined;
    throw error;
  }
}

class ExpressionParser {
  readonly #text: string;
  #at = 0;
  #ignoreCase = false;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ExpressionNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new Unreadable();
    return node;
  }

  #choice(): ExpressionNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  #sequence(): ExpressionNode {
    const items: ExpressionNode[] = [];
    while (this.#at < this.#text.length && !this.#isNext('|') && !this.#isNext(')'))
      items.push(...this.#quoted(), ...this.#repeated());
    return { kind: 'sequence', items };
  }

  /** `\Q…\E`. */
  #quoted(): ExpressionNode[] {
    if (!this.#take('\\Q')) return [];
    const end = this.#text.indexOf('\\E', this.#at);
    const quoted = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return Array.from(quoted, (character) => this.#literal(character));
  }

  #repeated(): ExpressionNode[] {
    if (this.#at >= this.#text.length || this.#isNext('|') || this.#isNext(')')) return [];
    if (this.#isNext('\\Q')) return [];
    let item = this.#atom();
    if (!item) return [];
    for (let count = this.#count(); count; count = this.#count()) {
      const [least, most] = count;
      item = { kind: 'repeat', item, least, most };
    }
    return [item];
  }

  /** A repetition, lazy or not: for a match of the whole that is one. */
  #count(): [number, number] | undefined {
    const rest = this.#text.slice(this.#at);
    const found = /^(?:([*+?])|\{(\d+)(,)?(\d+)?\})\??/.exec(rest);
    // A comma and an upper bound belong together; anything else in braces is literal.
    if (!found || (found[4] !== undefined && found[3] === undefined)) return undefined;
    this.#at += found[0].length;
    const [, sign, lower, comma, upper] = found;
    if (sign === '*') return [0, Number.POSITIVE_INFINITY];
    if (sign === '+') return [1, Number.POSITIVE_INFINITY];
    if (sign === '?') return [0, 1];
    const least = Number(lower);
    const most = upper ? Number(upper) : comma ? Number.POSITIVE_INFINITY : least;
    const isTooMany = least > MOST_REPEATS || (Number.isFinite(most) && most > MOST_REPEATS);
    if (isTooMany || most < least) throw new Unreadable();
    return [least, most];
  }

  #atom(): ExpressionNode | undefined {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#set();
    if (this.#take('.'))
      return { kind: 'character', isDot: true, matches: (character) => character !== '\n' };
    if (this.#take('^') || this.#take('\\A')) return { kind: 'start' };
    if (this.#take('$') || this.#take('\\z')) return { kind: 'end' };
    const character = this.#text.charAt(this.#at);
    if ('*+?'.includes(character)) throw new Unreadable();
    if (character === '\\') return this.#character(this.#escape());
    this.#at += 1;
    return this.#literal(character);
  }

  #group(): ExpressionNode | undefined {
    const outer = this.#ignoreCase;
    if (this.#take('?')) {
      const name = /^P?<\w+>/.exec(this.#text.slice(this.#at));
      const flags = /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.#text.slice(this.#at));
      const found = name ?? flags;
      if (!found) throw new Unreadable();
      this.#at += found[0].length;
      if (!name && flags) {
        if (flags[1]?.includes('i')) this.#ignoreCase = true;
        if (flags[2]?.includes('i')) this.#ignoreCase = false;
        // Without a colon the flags hold for the rest of the group around.
        if (flags[3] === ')') return undefined;
      }
    }
    const node = this.#choice();
    if (!this.#take(')')) throw new Unreadable();
    this.#ignoreCase = outer;
    return node;
  }

  /** `[^a-z0-9.]`, after its bracket. */
  #set(): ExpressionNode {
    const isNegated = this.#take('^');
    const tests: CharacterTest[] = [];
    for (let isFirst = true; isFirst || !this.#isNext(']'); isFirst = false) {
      if (this.#at >= this.#text.length) throw new Unreadable();
      tests.push(this.#setItem());
    }
    this.#at += 1;
    const test: CharacterTest = {
      matches: (character) => tests.some(({ matches }) => matches(character)) !== isNegated,
    };
    const only = tests.length === 1 && !isNegated ? tests[0]?.literal : undefined;
    return this.#character(only === undefined ? test : { ...test, literal: only });
  }

  #setItem(): CharacterTest {
    const named = /^\[:\^?\w+:\]/.exec(this.#text.slice(this.#at));
    if (named) {
      this.#at += named[0].length;
      return namedClass(named[0]) ?? fail();
    }
    const low = this.#setCharacter();
    const isRange = this.#isNext('-') && this.#text.charAt(this.#at + 1) !== ']';
    if (!isRange || low.literal === undefined) return low;
    this.#at += 1;
    const high = this.#setCharacter().literal;
    const first = low.literal;
    if (high === undefined || high < first) throw new Unreadable();
    return { matches: (character) => character >= first && character <= high };
  }

  #setCharacter(): CharacterTest {
    if (this.#isNext('\\')) return this.#escape();
    const literal = this.#text.charAt(this.#at);
    this.#at += 1;
    return { literal, matches: (character) => character === literal };
  }

  #escape(): CharacterTest {
    const found = readEscape(this.#text.slice(this.#at)) ?? fail();
    this.#at += found.length;
    return found.test;
  }

  #literal(literal: string): ExpressionNode {
    return this.#character({ literal, matches: (character) => character === literal });
  }

  #character({ matches, literal }: CharacterTest): ExpressionNode {
    const isFolded = this.#ignoreCase;
    return {
      kind: 'character',
      ...(literal === undefined ? {} : { literal: isFolded ? literal.toLowerCase() : literal }),
      matches: isFolded
        ? (character) => matches(character.toLowerCase()) || matches(character.toUpperCase())
        : matches,
    };
  }

  #isNext(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#isNext(text)) return false;
    this.#at += text.length;
    return true;
  }
}

function fail(): never {
  throw new Unreadable();
}
