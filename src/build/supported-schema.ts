/** The parts of the JSON Schema that this version offers: all of it for pages and editors, less for messages. */
import { isRefused, NOT_SUPPORTED } from '../config/not-supported.ts';
import type { Schema } from '../config/schema.ts';

/** A schema, and those of everything in a value that follows it. */
function withBelow(node: Schema): Schema[] {
  const { properties, items, additionalProperties, propertyNames } = node;
  const children = [...Object.values(properties ?? {}), items, additionalProperties, propertyNames];
  return [node, ...children.filter((child) => typeof child === 'object').flatMap(withBelow)];
}

const nameOf = ({ $ref }: Schema) => $ref?.replace('#/definitions/', '') ?? '';

/** The names of the definitions that a schema leads to. */
function usedDefinitions(node: Schema, definitions: Record<string, Schema>, used: Set<string>) {
  for (const name of withBelow(node).map(nameOf)) {
    const target = used.has(name) ? undefined : definitions[name];
    if (target !== undefined) usedDefinitions(target, definitions, used.add(name));
  }
  return used;
}

/** A schema without the fields and values that this version refuses, and without what only they refer to. */
export function supportedSchema(schema: Schema): Schema {
  const { Spec } = schema.definitions ?? {};
  const properties = Object.entries(Spec?.properties ?? {}).flatMap(([key, node]) => {
    const path = `spec.${key}`;
    if (isRefused(path)) return [];
    const values = NOT_SUPPORTED.find((row) => row.path === path)?.values ?? [];
    const words = node.enum?.filter((word) => !values.includes(word));
    return [[key, words ? { ...node, enum: words } : node]];
  });
  const spec = { ...Spec, properties: Object.fromEntries(properties) };
  const definitions: Record<string, Schema> = { ...schema.definitions, Spec: spec };
  const used = usedDefinitions(schema, definitions, new Set());
  const offered = Object.entries(definitions).filter(([name]) => used.has(name));
  return { ...schema, definitions: Object.fromEntries(offered) };
}

const mapValues = <T, U>(map: Record<string, T>, change: (value: T, key: string) => U) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

/**
 * The part of a supported schema that the bundle carries to word its messages. The validator is compiled; pages and
 * editors have the whole schema.
 */
export function messageSchema(schema: Schema): Schema {
  const all = [schema, ...Object.values(schema.definitions ?? {})].flatMap(withBelow);
  const required = all.flatMap(({ required = [], properties = {} }) =>
    required.map((key) => nameOf(properties[key] ?? {})),
  );
  const slim = (node: Schema, isRequired = false): Schema => {
    const { $ref, type, enum: words, format, pattern, minimum, maximum, minLength } = node;
    const { description, properties, items, additionalProperties } = node;
    // Messages quote descriptions of what has to be there, and of what a pattern or a limit says in no words.
    const isQuoted = isRequired || pattern !== undefined || minimum === 1;
    const kept = {
      description: isQuoted ? description : undefined,
      properties:
        properties &&
        mapValues(properties, (child, key) => slim(child, node.required?.includes(key))),
      items: items && slim(items),
      additionalProperties:
        typeof additionalProperties === 'object' ? slim(additionalProperties) : undefined,
    };
    return { $ref, type, enum: words, format, pattern, minimum, maximum, minLength, ...kept };
  };
  const definitions = mapValues(schema.definitions ?? {}, (node, name) =>
    slim(node, required.includes(name)),
  );
  return { ...slim(schema), definitions };
}
