/** The fields of a DomainConfig as a flat list, in the order of the schema. */
import { resolve, type Schema } from '../config/schema.ts';
import { either } from '../config/wording.ts';
import { wholeSchema } from './whole-schema.ts';

/** One field as the reference page shows it. */
export interface SchemaField {
  /** `spec.workflowEngine.workers[].domain`. */
  path: string;
  required: boolean;
  /** What may stand there, in words: `` `acme` or `ca` ``, `integer, 1 to 65535`, `list of string`. */
  values: string;
  /** The default in words; empty where there is none. */
  standard: string;
  description: string;
  examples: readonly unknown[];
  /** The path of a field that has the same fields below it and stands earlier in the list. */
  sameAs?: string | undefined;
}

/** `Default none.`, as descriptions of the schema say it. */
const DEFAULT_SENTENCE = / ?\bDefault (.+?)\.(?=\s|$)/;

/** Every field of this version, parents before their children; the fields of one definition once only. */
export function listFields(): SchemaField[] {
  return below(wholeSchema, '', new Map());
}

/** `seen` keeps the first path of each part of the schema that has fields. */
function below(parent: Schema, path: string, seen: Map<Schema, string>): SchemaField[] {
  return Object.entries(parent.properties ?? {}).flatMap(([key, node]) => {
    const target: Schema = { ...resolve(node, wholeSchema), ...node };
    const { description = '', default: value, examples = [], items } = target;
    const holder = resolve(items ?? node, wholeSchema) ?? {};
    const field: SchemaField = {
      path: path === '' ? key : `${path}.${key}`,
      required: parent.required?.includes(key) ?? false,
      values: values(target),
      // A default that depends on other fields has no value in the schema, only a sentence.
      standard:
        DEFAULT_SENTENCE.exec(description)?.[1] ?? (value === undefined ? '' : `\`${value}\``),
      description: description.replace(DEFAULT_SENTENCE, ''),
      examples,
      sameAs: seen.get(holder),
    };
    if (field.sameAs !== undefined || holder.properties === undefined) return [field];
    const holderPath = items ? `${field.path}[]` : field.path;
    seen.set(holder, holderPath);
    return [field, ...below(holder, holderPath, seen)];
  });
}

function values({ enum: words, type, items, minimum, maximum }: Schema): string {
  if (words) return either(words.map((word) => `\`${word}\``));
  if (type === 'array') return `list of ${values(resolve(items, wholeSchema) ?? {})}`;
  const range = maximum === undefined ? '' : `, ${minimum} to ${maximum}`;
  return `${[type ?? []].flat().join(' or ')}${range}`;
}
