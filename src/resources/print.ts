/** New pieces of YAML and JSON, printed so that they fit the place that they go to. */
import { isObject, type Json } from '../json.ts';
import { printYaml } from '../yaml.ts';

/** The language of the text that a piece goes into. */
export type Language = 'yaml' | 'json';

/** A scalar on one line, plain where that reads back as the same value. */
export function printScalar(value: Json, language: Language, inFlow: boolean): string {
  if (language === 'json') return JSON.stringify(value);
  const printed = printYaml(value).trimEnd();
  const plainBreaksFlow = inFlow && /^[^'"].*[,[\]{}]/.test(printed);
  return printed.includes('\n') || plainBreaksFlow ? JSON.stringify(value) : printed;
}

/** A value on one line: flow style in YAML. */
export function printFlow(value: Json, language: Language): string {
  if (Array.isArray(value)) return `[${value.map((item) => printFlow(item, language)).join(', ')}]`;
  if (!isObject(value)) return printScalar(value, language, true);
  const pairs = Object.entries(value).map(
    ([key, item]) => `${printScalar(key, language, true)}: ${printFlow(item, language)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/** A value in block style whose first line goes to `column`; it has no line end of its own at the end. */
export function printBlock(value: Json, column: number, lineEnd: string): string {
  return indentLines(printYaml(value).trimEnd(), column, lineEnd);
}

/** `key: value` in block style at `column`, collections on lines of their own. */
export function printPair(key: string, value: Json, column: number, lineEnd: string): string {
  return printBlock({ [key]: value }, column, lineEnd);
}

/** Whether a value has lines of its own in block style. */
export function isBlock(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

/** Moves every line but the first to `column`; empty lines stay empty. */
export function indentLines(text: string, column: number, lineEnd: string): string {
  const indent = ' '.repeat(column);
  return text
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : indent + line))
    .join(lineEnd);
}
