/**
 * Where a text stops being strict JSON (RFC 8259). Engines say that in words of their own, some of them without a place, so that the
 * same manifests would give other messages in the static executable and in another version of Node.js.
 */

/** What may come next. */
type Expected = 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'more' | 'nothing';

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** What ends the plain characters of a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has no control characters in strings
const NOT_PLAIN = /["\\\x00-\x1f]/g;

/** The position of the first character that cannot stand where it stands, or the text's end where something is missing; undefined in JSON. */
export function jsonFault(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = 0; ; ) {
    at = endOf(SPACE, text, at);
    const character = text[at];
    if (expected === 'nothing') return at < text.length ? at : undefined;
    const around = open.at(-1);
    const isEnd =
      (character === '}' && around === '{' && (expected === 'more' || expected === 'first key')) ||
      (character === ']' && around === '[' && (expected === 'more' || expected === 'first item'));
    if (isEnd) {
      open.pop();
      at++;
    } else if (expected === 'colon' || expected === 'more') {
      if (character !== (expected === 'colon' ? ':' : ',')) return at;
      expected = expected === 'more' && around === '{' ? 'key' : 'value';
      at++;
      continue;
    } else if (character === '"') {
      const { end, isWhole } = stringAt(text, at);
      if (!isWhole) return end;
      at = end;
      if (expected === 'key' || expected === 'first key') {
        expected = 'colon';
        continue;
      }
    } else if (expected === 'key' || expected === 'first key') {
      return at;
    } else if (character === '{' || character === '[') {
      open.push(character);
      expected = character === '{' ? 'first key' : 'first item';
      at++;
      continue;
    } else {
      const end = endOf(SCALAR, text, at);
      if (end === at) return at;
      at = end;
    }
    expected = open.length > 0 ? 'more' : 'nothing';
  }
}

/** Where what matches at a position ends; the position itself where nothing matches. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Where the string that begins at a quote ends, or what is wrong in it stands. */
function stringAt(text: string, quote: number): { end: number; isWhole: boolean } {
  for (let at = quote + 1; ; ) {
    NOT_PLAIN.lastIndex = at;
    const stop = NOT_PLAIN.exec(text)?.index ?? text.length;
    if (text[stop] === '"') return { end: stop + 1, isWhole: true };
    at = endOf(ESCAPE, text, stop);
    if (at === stop) return { end: stop, isWhole: false };
  }
}
