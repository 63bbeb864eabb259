/** YAML with examples in comments, for a person who reads on from what is set to what could be. */
import { isObject, type Json, type JsonObject } from '../../yaml/json.ts';
import { printYaml } from '../../yaml/yaml.ts';

/** What a field that has no value could be; its example becomes valid when `# ` is taken away. */
export interface ExampleNote {
  key: string;
  /** One sentence, with a capital and a full stop, so that it is told from an example; shown above the example. */
  comment: string;
  example: Json;
}

/** One field of a file: its key alone, with an example, or with the fields of its map. */
export type FieldNote =
  | string
  | ExampleNote
  | (Partial<ExampleNote> & { key: string; fields: readonly FieldNote[] });

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
  const known = notes.map((note) => (typeof note === 'string' ? note : note.key));
  const others = Object.keys(value).filter((key) => !known.includes(key));
  return [...notes, ...others].flatMap((given) => {
    const note = typeof given === 'string' ? { key: given } : given;
    const own = Object.hasOwn(value, note.key) ? value[note.key] : undefined;
    if (own === undefined) return 'example' in note ? exampleLines(note as ExampleNote) : [];
    if (!('fields' in note) || !isObject(own) || Object.keys(own).length === 0)
      return printedLines({ [note.key]: own });
    return [`${note.key}:`, ...fieldLines(own, note.fields).map((line) => `  ${line}`)];
  });
}

function exampleLines({ key, comment, example }: ExampleNote): string[] {
  return [comment, ...printedLines({ [key]: example })].map((line) => `# ${line}`);
}

function printedLines(value: JsonObject): string[] {
  return printYaml(value).trimEnd().split('\n');
}
