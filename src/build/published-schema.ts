/**
 * The schema as editors get it: the function's own, with what only editors and other validators need on top.
 *
 * The function's own schema stays loose where code in src/config/ says better what is wrong, so that one mistake is one
 * problem. Here those rules stand as patterns and conditions, with completion for the YAML language server.
 */
import { CATALOGUE } from '../checks/shared/catalogue.ts';
import { NOT_SUPPORTED } from '../config/not-supported.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { SCHEMA_RULES } from './schema-rules.ts';
import { SCHEMA_TEXTS, WHOLE_CONFIG } from './schema-texts.ts';

/** A place inside the definitions: `Hosts/properties/api`. */
function placeIn(definitions: Json | undefined, place: string): JsonObject {
  const node = getIn(definitions, place.split('/'));
  if (!isObject(node)) throw new Error(`The schema has no ${place}.`);
  return node;
}

/** Adds keywords at their places; none may be there already. */
function addKeywords(
  definitions: Json | undefined,
  keywords: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  for (const [place, added] of Object.entries(keywords)) {
    const node = placeIn(definitions, place);
    const twice = Object.keys(added).find((keyword) => keyword in node);
    if (twice !== undefined) throw new Error(`${place} has ${twice} already.`);
    Object.assign(node, structuredClone(added));
  }
}

/** Fields of `spec` that the function refuses by name are unknown to editors, and so never proposed. */
function removeUnsupported(definitions: Json | undefined): void {
  const properties = placeIn(definitions, 'Spec/properties');
  for (const { path, values } of NOT_SUPPORTED) {
    const key = path.replace(/^spec\./, '');
    const field = properties[key];
    if (!isObject(field)) throw new Error(`The schema has no ${path}.`);
    const { enum: words } = field;
    if (values === undefined) properties[key] = false;
    else if (Array.isArray(words))
      field.enum = words.filter((word) => !values.some((value) => value === word));
  }
}

/** Whether a value is a map, or a list with one. */
const hasMap = (value: Json): boolean =>
  isObject(value) || (Array.isArray(value) && value.some(hasMap));

/** Editors cannot label an example with a map, and insert each default where no one asked for it. */
function improveProposals(node: JsonObject): void {
  const { examples, default: standard } = node;
  delete node.default;
  if (typeof standard === 'string' && examples === undefined && node.enum === undefined)
    node.examples = [standard];
  if (!Array.isArray(examples)) return;
  const maps = examples.filter(hasMap);
  if (maps.length === 0) return;
  node.examples = examples.filter((example) => !hasMap(example));
  node.defaultSnippets ??= maps.map((body) => ({ label: 'example', body }));
}

/** Editors show a plain description with its back quotes; the same text as Markdown has code instead. */
function addMarkdown(node: JsonObject): void {
  const { description, enumDescriptions } = node;
  if (typeof description === 'string' && description.includes('`'))
    node.markdownDescription = description;
  if (Array.isArray(enumDescriptions)) node.markdownEnumDescriptions = enumDescriptions;
}

/** Calls for every map below a value, the innermost first. */
function forEachMap(value: Json | undefined, visit: (node: JsonObject) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) forEachMap(child, visit);
  if (isObject(value)) visit(value);
}

/** The published schema, from the function's own, which stays as it is. */
export function publishedSchema(schema: JsonObject): JsonObject {
  const published: JsonObject = {
    ...structuredClone(schema),
    defaultSnippets: structuredClone(WHOLE_CONFIG),
  };
  const { definitions } = published;
  removeUnsupported(definitions);
  addKeywords(definitions, SCHEMA_RULES);
  addKeywords(definitions, SCHEMA_TEXTS);
  const codes = { examples: Object.keys(CATALOGUE) };
  addKeywords(definitions, { 'IgnoredFinding/properties/code': codes });
  forEachMap(published, improveProposals);
  forEachMap(published, addMarkdown);
  return published;
}
