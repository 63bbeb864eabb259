/** YAML with examples in comments, for a person who reads on from what is set to what could be. */
import { isObject, type Json, type JsonObject } from '../../yaml/json.ts';
import { printYaml } from '../../yaml/yaml.ts';

/** One field of a file. It is printed where it has a value; without one, its example stands in a comment. */
export interface FieldNote {
  key: string;
  /** One sentence, with a capital and a full stop, so that it is told from an example; shown above the example. */
  comment?: string;
  /** What the field could be. Becomes valid when `# ` is taken away. */
  example?: Json;
  /** Fields of a map. */
  fields?: readonly FieldNote[];
}

/**
 * Prints a map in the order of the notes, and what they do not mention at the end. Every value goes through the YAML printer, so
 * that none can become a key, a comment or a document of its own.
 */
export function printCommented(value: JsonObject, notes: readonly FieldNote[]): string {
  return fieldLines(value, notes)
    .map((line) => `${line}\n`)
    .join('');
}

function fieldLines(value: JsonObject, notes: readonly FieldNote[]): string[] {
  const known = new Set(notes.map(({ key }) => key));
  const others = Object.keys(value).filter((key) => !known.has(key));
  return [...notes, ...others.map((key): FieldNote => ({ key }))].flatMap((note) => {
    const own = Object.hasOwn(value, note.key) ? value[note.key] : undefined;
    return own === undefined ? exampleLines(note) : valueLines(own, note);
  });
}

function valueLines(value: Json, { key, fields }: FieldNote): string[] {
  if (!isObject(value) || fields === undefined || Object.keys(value).length === 0)
    return printedLines({ [key]: value });
  return [`${key}:`, ...fieldLines(value, fields).map((line) => `  ${line}`)];
}

function exampleLines({ key, comment, example }: FieldNote): string[] {
  if (example === undefined) return [];
  const lines = [...(comment === undefined ? [] : [comment]), ...printedLines({ [key]: example })];
  return lines.map((line) => `# ${line}`);
}

function printedLines(value: JsonObject): string[] {
  return printYaml(value).trimEnd().split('\n');
}
