/** Which strings every reader of YAML takes for the same text without quotes, and how the others are quoted. */

/** Characters that every YAML reader takes as they are, none of which ends a line. */
export const ONE_LINE =
  /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * What some reader takes for a number, underscores left out: go-yaml reads `1e3_`, `0B1` and `-_5` as numbers, older ones `0o7` as well.
 *
 * Source: `resolve` in go-yaml v2 and v3, which calls strconv.ParseInt with base 0 after it has removed every underscore.
 */
const NUMBER =
  /^[-+]?(?:0x[\da-f]*|0o[0-7]*|0b[01]*|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d*)?|\.inf|\.nan)$/i;

/** The merge key, the default value of YAML 1.1, the beginning and the end of a document. */
const MARKS = ['<<', '=', '---', '...'];

/** Whether a string needs quotes for a reason that the library does not know, wherever it stands. */
export function needsQuotes(value: string): boolean {
  return (
    !ONE_LINE.test(value) ||
    value !== value.trim() ||
    MARKS.includes(value) ||
    (/\d|\./.test(value) && NUMBER.test(value.replaceAll('_', '')))
  );
}

/** A string in double quotes, valid in YAML and in JSON. */
export function printDoubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
