/** New pieces of YAML and JSON, printed so that they fit the place that they go to. */
import { isObject, type Json } from './json.ts';
import { ONE_LINE, printDoubleQuoted } from './plain.ts';
import { printYaml, WrittenScalar } from './yaml.ts';

/** The language of the text that a piece goes into. */
export type Language = 'yaml' | 'json';

/** A scalar on one line, plain where that reads back as the same value. */
export function printScalar(value: unknown, language: Language, inFlow: boolean): string {
  if (language === 'json') return JSON.stringify(value);
  if (typeof value === 'string' && !ONE_LINE.test(value)) return printDoubleQuoted(value);
  const printed = printYaml(value).replace(/\n$/, '');
  if (typeof value !== 'string') return printed;
  const isPlain = !/^["']/.test(printed);
  // go-yaml ends a plain scalar in flow style at a question mark.
  const breaks =
    printed.includes('\n') || (isPlain && inFlow && /[,[\]{}?]|:$|^[:-]/.test(printed));
  return breaks ? printDoubleQuoted(value) : printed;
}

/** A value on one line: flow style in YAML. */
export function printFlow(value: unknown, language: Language): string {
  if (Array.isArray(value)) return `[${value.map((item) => printFlow(item, language)).join(', ')}]`;
  if (!isObject(value) || value instanceof WrittenScalar) return printScalar(value, language, true);
  const pairs = Object.entries(value).map(
    ([key, item]) => `${printFlowKey(key, language)}: ${printFlow(item, language)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/** A key of more than 1,024 characters has to be marked. */
function printFlowKey(key: string, language: Language): string {
  const printed = printScalar(key, language, true);
  return language === 'yaml' && printed.length > 1000 ? `? ${printed}` : printed;
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
