/** The JSON Schema as code sees it: which definition a place of the config follows, and what it expects, in words. */
import type { Format } from './formats.ts';
import schemaText from './generated/messages.schema.json' with { type: 'json' };
import { code, either } from './wording.ts';

/** The part of JSON Schema draft-07 that the schema uses. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: string[];
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  format?: Format;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  definitions?: Record<string, Schema>;
}

/** The schema without the fields that this version refuses, and without what only editors read. */
export const schema = schemaText as Schema;

/** The definition that a reference leads to, or the schema itself where it is none. */
export const resolve = (node: Schema | undefined, root = schema): Schema | undefined =>
  node?.$ref === undefined ? node : root.definitions?.[node.$ref.replace('#/definitions/', '')];

/** The definition that a place of the config has to follow. */
export function schemaAt(keys: readonly string[]): Schema | undefined {
  let node: Schema | undefined = schema;
  for (const key of keys) {
    const { properties, items, additionalProperties }: Schema = node ?? {};
    const free = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    const known = properties !== undefined && Object.hasOwn(properties, key);
    node = resolve(known ? properties[key] : (items ?? free));
  }
  return node;
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a string',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  object: 'a map',
  array: 'a list',
};

/** What the schema expects at a place, in words. */
export function expectation(node: Schema): string | undefined {
  if (node.enum) return either(node.enum.map(code));
  if (node.pattern !== undefined || node.minimum === 1) return lowerFirst(node.description ?? '');
  if (node.maximum !== undefined)
    return `a whole number from ${node.minimum ?? 0} to ${node.maximum}`;
  if (node.minLength !== undefined) return 'a non-empty string';
  return either([node.type ?? []].flat().map((type) => TYPE_WORDS[type] ?? type));
}

/** A sentence of the schema as a phrase. */
export function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}
