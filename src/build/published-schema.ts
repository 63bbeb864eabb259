/**
 * The schema as editors get it: the function's own, with what only editors and other validators need on top.
 *
 * The function's own schema stays loose where code in src/config/ says better what is wrong, so that one mistake is one
 * problem. Here those rules stand as patterns and conditions, with completion for the YAML language server.
 */
import { CATALOGUE, canBeAccepted, type FindingCode } from '../checks/shared/catalogue.ts';
import type { Format } from '../config/formats.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { FORMAT_PATTERNS } from './schema-patterns.ts';
import { SCHEMA_RULES } from './schema-rules.ts';
import { wholeSchema } from './whole-schema.ts';

/** Adds keywords at their places, for instance `Hosts/properties/api`; none may be there already. */
function addKeywords(
  definitions: JsonObject,
  keywords: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  for (const [place, added] of Object.entries(keywords)) {
    const node = getIn(definitions, place.split('/'));
    if (!isObject(node)) throw new Error(`The schema has no ${place}.`);
    const twice = Object.keys(added).find((keyword) => keyword in node);
    if (twice !== undefined) throw new Error(`${place} has ${twice} already.`);
    Object.assign(node, structuredClone(added));
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

/** The function's `format` says nothing to an editor: a pattern and its message do. */
function replaceFormat(node: JsonObject): void {
  const { format } = node;
  if (typeof format !== 'string') return;
  delete node.format;
  Object.assign(node, FORMAT_PATTERNS[format as Format]);
}

/** Calls for every map below a value, the innermost first. */
function forEachMap(value: Json | undefined, visit: (node: JsonObject) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) forEachMap(child, visit);
  if (isObject(value)) visit(value);
}

/** The published schema, from the function's own, which stays as it is. */
export function publishedSchema(): JsonObject {
  const published: JsonObject = JSON.parse(JSON.stringify(wholeSchema));
  const definitions = published.definitions as JsonObject;
  forEachMap(definitions, replaceFormat);
  const codes = {
    enum: Object.keys(CATALOGUE).filter((code) => canBeAccepted(code as FindingCode)),
  };
  addKeywords(definitions, { ...SCHEMA_RULES, 'IgnoredFinding/properties/code': codes });
  forEachMap(published, improveProposals);
  forEachMap(published, addMarkdown);
  return published;
}
