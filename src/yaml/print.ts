/** New pieces of YAML and JSON, printed so that they fit the place that they go to. */
import { isObject, type Json } from './json.ts';
import { printYaml, WrittenScalar } from './yaml.ts';

/** The language of the text that a piece goes into. */
export type Language = 'yaml' | 'json';

/** A scalar on one line, plain where that reads back as the same value. */
export function printScalar(value: unknown, language: Language, inFlow: boolean): string {
  if (language === 'json') return JSON.stringify(value);
  if (typeof value !== 'string') return printYaml(value).trimEnd();
  // A tab breaks plain scalars in some readers; a key of more than 1,024 characters has to be marked.
  if (value.length > 1000 || !ONE_LINE.test(value)) return printDoubleQuoted(value);
  const printed = printYaml(value).trimEnd();
  const isPlain = !/^["']/.test(printed);
  const breaks =
    printed.includes('\n') || (isPlain && inFlow && /[,[\]{}]|:$|^[?:-]/.test(printed));
  return breaks ? printDoubleQuoted(value) : printed;
}

/** Characters that every YAML reader takes as they are, none of which ends a line. */
export const ONE_LINE =
  /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** A string in double quotes, valid in YAML and in JSON. */
export function printDoubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value on one line: flow style in YAML. */
export function printFlow(value: unknown, language: Language): string {
  if (Array.isArray(value)) return `[${value.map((item) => printFlow(item, language)).join(', ')}]`;
  if (!isObject(value) || value instanceof WrittenScalar) return printScalar(value, language, true);
  const pairs = Object.entries(value).map(
    ([key, item]) => `${printScalar(key, language, true)}: ${printFlow(item, language)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/**
 * A value in block style whose first line goes to `column`; it has no line end of its own at the end.
 * @param isCommentNext - whether a comment follows that a literal block at the end would take for its own
 */
export function printBlock(
  value: unknown,
  column: number,
  lineEnd: string,
  isCommentNext = true,
): string {
  const indent = ' '.repeat(column);
  return printYaml(value, isCommentNext)
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : indent + line))
    .join(lineEnd);
}

/** Whether a value has lines of its own in block style. */
export function isBlock(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}
