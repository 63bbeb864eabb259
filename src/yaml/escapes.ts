/** Words that the bytes of a text do not show, because some of their letters are written as escapes. */

/** An escape in double quotes for a letter, a digit, a hyphen, a dot or a slash: `\x6f`, `\u006f`, `\U0000006f`. */
const ESCAPED = /\\(?:x|u00|U000000)(?:2[d-f]|3\d|[46][1-9a-f]|[57][\da])/i;

/** Whether a word may stand in a text, YAML or JSON, that a search for its letters does not find. */
export function mayHideWords(text: string): boolean {
  return text.includes('\\') && ESCAPED.test(text);
}
