/** Where a place that a message names stands in a text. */
import { remembered } from '../maps.ts';
import { parseTemplated } from './go-templates.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedYaml,
  placeAt,
  type TextPlace,
} from './yaml.ts';

/** The keys of a path as `toPath` writes it: `spec.rules[0].host`, `data[config.json].apiBaseUrl`. */
export function keysOf(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([whole, key]) => key ?? whole);
}

/**
 * The place of a path, or of the innermost thing around it that is there; undefined where nothing of it is. A document inside a literal
 * block is looked into.
 */
export function locate(parsed: ParsedYaml, path: string): TextPlace | undefined {
  return locateKeys(parsed, keysOf(path));
}

/** The same of keys that need no reading. */
export function locateKeys(parsed: ParsedYaml, keys: readonly string[]): TextPlace | undefined {
  const { text, document } = parsed;
  let node: unknown = document.contents;
  let start: number | undefined;
  const found = () => (start === undefined ? undefined : placeAt(text, start));
  for (const [index, key] of keys.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const next = childOf(node, key);
    if (!next) return (isScalar(node) && inBlock(text, node, keys.slice(index))) || found();
    start = (next.at ?? next.value)?.range?.[0] ?? start;
    node = next.value;
  }
  return found();
}

function childOf(node: unknown, key: string): { at?: Node; value: Node | null } | undefined {
  if (isSeq(node)) {
    const item = /^\d+$/.test(key) ? node.items[Number(key)] : undefined;
    return item ? { value: item as Node } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
  return pair && { at: pair.key as Node, value: pair.value as Node | null };
}

/** Documents of literal blocks, each for as long as its node lives: many findings may be about places in one. */
const documents = new WeakMap<Node, ParsedYaml>();

/** In the document of a literal block, whose lines are those of the text. */
function inBlock(text: string, node: Node, keys: readonly string[]): TextPlace | undefined {
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || !node.range) return undefined;
  const inner = remembered(documents, node, () => parseTemplated(String(node.value)));
  const place = inner.problems.length > 0 ? undefined : locateKeys(inner, keys);
  if (!place) return undefined;
  const [, indent = ''] = /\n([^\S\n]*)\S/.exec(text.slice(node.range[0])) ?? [];
  const { line } = placeAt(text, node.range[0]);
  return { line: line + place.line, column: indent.length + place.column };
}
