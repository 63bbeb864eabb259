/** What messages need of the JSON Schema. */
import type { Schema } from '../config/schema.ts';

/** A schema, and those of everything in a value that follows it. */
function withBelow(node: Schema): Schema[] {
  const { properties, items, additionalProperties, propertyNames } = node;
  const children = [...Object.values(properties ?? {}), items, additionalProperties, propertyNames];
  return [node, ...children.filter((child) => typeof child === 'object').flatMap(withBelow)];
}

const nameOf = ({ $ref }: Schema) => $ref?.replace('#/definitions/', '') ?? '';

const mapValues = <T, U>(map: Record<string, T>, change: (value: T, key: string) => U) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

/**
 * The part of the schema that the bundle carries to word its messages. The validator is compiled; pages and editors have
 * the whole schema.
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
