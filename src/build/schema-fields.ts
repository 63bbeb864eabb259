/** A JSON Schema as a flat list of fields, in the order in which it has them. */

/** As much of JSON Schema as the project's own schema uses. */
export interface SchemaNode {
  $ref?: string;
  $defs?: Record<string, SchemaNode>;
  definitions?: Record<string, SchemaNode>;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  additionalProperties?: boolean | SchemaNode;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  allOf?: SchemaNode[];
  minimum?: number;
  maximum?: number;
  description?: string;
  default?: unknown;
  examples?: unknown[];
}

/** One field as the reference page shows it. */
export interface SchemaField {
  /** `spec.computeClusters[].name`; `*` stands for any key. */
  path: string;
  required: boolean;
  /** What may stand there, in words: `` `acme` or `ca` ``, `integer, 1 to 65535`, `list of strings`. */
  values: string;
  /** The default in words; empty where there is none. */
  standard: string;
  description: string;
  examples: unknown[];
  /** The path of a field that has the same fields below it and stands earlier in the list. */
  sameAs?: string | undefined;
}

/** `Default none.`, as descriptions of the schema say it. */
const DEFAULT_SENTENCE = / ?\bDefault (.+?)\.(?=\s|$)/;

/** Every field below the root, parents before their children; the fields of one definition once only. */
export function listFields(root: SchemaNode): SchemaField[] {
  return below(root, '', root, new Map());
}

/** `seen` keeps the first path of each part of the schema that has fields. */
function below(
  node: SchemaNode,
  path: string,
  root: SchemaNode,
  seen: Map<SchemaNode, string>,
): SchemaField[] {
  const required = new Set(alternatives(node, root).flatMap((part) => part.required ?? []));
  return [...children(node, root)].flatMap(([key, child]) => {
    const childPath = path === '' ? key : `${path}.${key}`;
    const field = describe(child, childPath, required.has(key), root);
    const [holder, holderPath] = unlist(child, childPath, root);
    field.sameAs = seen.get(holder);
    if (field.sameAs !== undefined || children(holder, root).size === 0) return [field];
    seen.set(holder, holderPath);
    return [field, ...below(holder, holderPath, root, seen)];
  });
}

/** The node that holds the fields: for a list, what its items are. */
function unlist(node: SchemaNode, path: string, root: SchemaNode): [SchemaNode, string] {
  const target = resolve(node, root);
  const items = alternatives(target, root).find((part) => part.items !== undefined)?.items;
  return items === undefined ? [target, path] : unlist(items, `${path}[]`, root);
}

function describe(
  node: SchemaNode,
  path: string,
  required: boolean,
  root: SchemaNode,
): SchemaField {
  const target = resolve(node, root);
  const text = node.description ?? target.description ?? '';
  const value = node.default ?? target.default;
  return {
    path,
    required,
    values: values(target, root),
    // A default that depends on other fields has no value in the schema, only a sentence.
    standard: DEFAULT_SENTENCE.exec(text)?.[1] ?? (value === undefined ? '' : quote(value)),
    description: text.replace(DEFAULT_SENTENCE, ''),
    examples: node.examples ?? target.examples ?? [],
  };
}

/** The node's own properties and those of its alternatives; of a key that several have, the first. */
function children(node: SchemaNode, root: SchemaNode): Map<string, SchemaNode> {
  const found = new Map<string, SchemaNode>();
  for (const part of alternatives(node, root)) {
    for (const [key, child] of Object.entries(part.properties ?? {}))
      if (!found.has(key) && typeof child === 'object') found.set(key, child);
    if (typeof part.additionalProperties === 'object' && part.additionalProperties.properties)
      found.set('*', part.additionalProperties);
  }
  return found;
}

function alternatives(node: SchemaNode, root: SchemaNode): SchemaNode[] {
  const target = resolve(node, root);
  const parts = [...(target.allOf ?? []), ...(target.oneOf ?? []), ...(target.anyOf ?? [])];
  return [target, ...parts.flatMap((part) => alternatives(part, root))];
}

function values(node: SchemaNode, root: SchemaNode): string {
  const target = resolve(node, root);
  if (target.const !== undefined) return quote(target.const);
  if (target.enum !== undefined) return either(target.enum.map(quote));
  if (target.type === 'array' && target.items !== undefined)
    return `list of ${values(target.items, root)}`;
  if (target.type === 'integer' || target.type === 'number') return range(target);
  if (target.type !== undefined) return [target.type].flat().join(' or ');
  const parts = [...(target.oneOf ?? []), ...(target.anyOf ?? [])];
  return either([...new Set(parts.map((part) => values(part, root)).filter(Boolean))]);
}

function range({ type, minimum, maximum }: SchemaNode): string {
  if (minimum === undefined) return `${type}`;
  return maximum === undefined
    ? `${type}, at least ${minimum}`
    : `${type}, ${minimum} to ${maximum}`;
}

function either(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function quote(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function resolve(node: SchemaNode, root: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const match = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(node.$ref);
  const target = match && root[match[1] as '$defs' | 'definitions']?.[match[2] ?? ''];
  if (!target) throw new Error(`the schema refers to ${node.$ref}, which it does not have`);
  return resolve(target, root);
}
