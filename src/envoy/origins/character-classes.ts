/** RE2's escapes and named classes. Source: RE2's syntax page, "Escape sequences", "Perl character classes", "ASCII character classes". */

/** Which characters a place in an expression takes; `literal` where that is only one. */
export interface CharacterTest {
  matches(character: string): boolean;
  literal?: string;
}

const PERL: Readonly<Record<string, RegExp>> = {
  d: /^\d$/,
  w: /^\w$/,
  s: /^[\t\n\f\r ]$/,
};

const NAMED: Readonly<Record<string, RegExp>> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  ascii: /^[\0-\x7f]$/,
  blank: /^[\t ]$/,
  cntrl: /^\p{Cc}$/u,
  digit: /^\d$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[\t\n\v\f\r ]$/,
  upper: /^[A-Z]$/,
  word: /^\w$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** `[:alnum:]`, `[:^digit:]`; undefined for a name that there is not. */
export function namedClass(text: string): CharacterTest | undefined {
  const [, negation, name = ''] = /^\[:(\^?)(\w+):\]$/.exec(text) ?? [];
  const test = NAMED[name];
  return test && { matches: (character) => test.test(character) !== (negation === '^') };
}

/** The escape that a text begins with, and its length; undefined for one that is not known here. */
export function readEscape(text: string): { test: CharacterTest; length: number } | undefined {
  const code = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(text);
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? '', 16);
    if (value > 0x10ffff) return undefined;
    return { test: literal(String.fromCodePoint(value)), length: code[0].length };
  }
  const letter = text.charAt(1);
  const perl = PERL[letter.toLowerCase()];
  if (perl && letter !== '') {
    const isNegated = letter !== letter.toLowerCase();
    return { test: { matches: (character) => perl.test(character) !== isNegated }, length: 2 };
  }
  const control = CONTROL[letter];
  if (control !== undefined) return { test: literal(control), length: 2 };
  // Every sign may be escaped, needed or not; letters and digits that are left have a meaning of their own.
  return /^[^0-9A-Za-z]$/.test(letter) ? { test: literal(letter), length: 2 } : undefined;
}

function literal(text: string): CharacterTest {
  return { literal: text, matches: (character) => character === text };
}
