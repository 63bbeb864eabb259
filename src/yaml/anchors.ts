/**
 * Anchors, aliases and merge keys. RFC 6902 operations are about plain JSON, where every place has a value of its own; so
 * before one is carried out, the places that it would touch through an anchor get their own copies.
 */
import { addEntries } from './add-entries.ts';
import { getIn, isObject, type Json } from './json.ts';
import type { Operation } from './json-patch.ts';
import {
  type Entry,
  endOf,
  entryAt,
  entryEnd,
  entryStart,
  isFlow,
  isMerge,
  ownEntry,
  startOf,
} from './nodes.ts';
import { printFlow } from './print.ts';
import { newSlot, Shape } from './shape.ts';
import { columnOf, lineEndOf, type Splice } from './text-edit.ts';
import {
  isAlias,
  isMap,
  isSeq,
  type Node,
  type ParsedYaml,
  readAsWritten,
  visit,
  type YAMLMap,
} from './yaml.ts';

/**
 * The next step that makes the place of an operation independent of others: splices that change the text and not what it
 * says. After each step the text has to be read anew; none is left where the result is empty.
 * @param path - of the operation, in terms of the text
 */
export function ownCopyStep(
  parsed: ParsedYaml,
  { op }: Operation,
  path: readonly string[],
): Splice[] {
  // Most documents have no alias and no merge key, and their nodes need no walk.
  if (parsed.shared.aliases.size === 0 && !parsed.shared.hasMerges) return [];
  let node = parsed.document.contents as Node | null;
  for (const [depth, key] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (isAlias(node)) return [copyAlias(parsed, node, path.slice(0, depth))];
    const entry = ownEntry(node, key);
    const isMerged = isMap(node) && mergedKeys(parsed, node).has(key);
    if (isMerged && isLast && op === 'remove')
      return expandMerge(parsed, node as YAMLMap, path.slice(0, -1));
    if (isMerged && !entry && !isLast) {
      const slots = [...new Shape(node).slots, newSlot(key)];
      const copy = { [key]: writtenValue(parsed, path.slice(0, depth + 1)) as Json };
      return addEntries(parsed.text, node as YAMLMap, slots, copy, 'yaml');
    }
    if (!entry || (isLast && op === 'add' && isSeq(node))) return [];
    const splices = isLast ? detachWithin(parsed, entry) : detach(parsed, entry.value);
    if (splices.length > 0) return splices;
    node = entry.value;
  }
  return [];
}

function copyAlias(parsed: ParsedYaml, alias: Node, path: readonly string[]): Splice {
  const copy = printFlow(writtenValue(parsed, path), 'yaml');
  return { start: startOf(alias), end: endOf(alias), text: copy };
}

function writtenValue(parsed: ParsedYaml, path: readonly string[]): unknown {
  return readAsWritten(parsed.document, () => getIn(parsed.document.toJS(), path));
}

/** The keys that `<<` brings into a map, overridden ones included. */
function mergedKeys(parsed: ParsedYaml, map: YAMLMap): Set<string> {
  const merged = map.items
    .filter(isMerge)
    .flatMap(({ value }) => (value as Node | null)?.toJS(parsed.document));
  return new Set(merged.filter(isObject).flatMap(Object.keys));
}

/** Writes what `<<` brings into a map in its place. */
function expandMerge(parsed: ParsedYaml, map: YAMLMap, path: readonly string[]): Splice[] {
  const entry = entryAt(map, map.items.findIndex(isMerge));
  const detached = detachWithin(parsed, entry);
  if (detached.length > 0) return detached;
  const all = writtenValue(parsed, path);
  const pairs = Object.entries(isObject(all) ? all : {})
    .filter(([key]) => !ownEntry(map, key))
    .map(([key, value]) => printFlow({ [key]: value }, 'yaml').slice(1, -1));
  const start = entryStart(entry);
  const separator = isFlow(map)
    ? ', '
    : lineEndOf(parsed.text) + ' '.repeat(columnOf(parsed.text, start));
  // Where the map overrides every key, nothing is left to bring in.
  return [{ start, end: entryEnd(entry), text: pairs.join(separator) || '<<: {}' }];
}

/** Moves the anchor of a value that other places refer to, with a copy of the value, to the first of them. */
function detach(parsed: ParsedYaml, value: Node | null, gone?: [number, number]): Splice[] {
  if (!value || isAlias(value) || !('anchor' in value) || !value.anchor) return [];
  const alias = firstAliasOf(parsed, value, gone);
  if (!alias?.range) return [];
  const anchor = `&${value.anchor}`;
  const copy = readAsWritten(parsed.document, () => value.toJS(parsed.document));
  const moved = {
    start: startOf(alias),
    end: alias.range[1],
    text: `${anchor} ${printFlow(copy, 'yaml')}`,
  };
  // What goes may have aliases of its own, which need the anchor until then.
  if (gone) return [moved];
  const start = placeOfAnchor(parsed.text, anchor, startOf(value));
  const spaceBefore = parsed.text[start - 1] === ' ' ? 1 : 0;
  return [{ start: start - spaceBefore, end: start + anchor.length, text: '' }, moved];
}

function placeOfAnchor(text: string, anchor: string, before: number): number {
  let start = text.lastIndexOf(anchor, before);
  // `&a` also begins `&ab`.
  while (start > 0 && /[^\s,[\]{}]/.test(text[start + anchor.length] ?? ' '))
    start = text.lastIndexOf(anchor, start - 1);
  return start;
}

/** The same for every anchor in an entry that is replaced or removed; aliases in it go with it. */
function detachWithin(parsed: ParsedYaml, entry: Entry): Splice[] {
  // Nothing at all has its place after the comment that follows its anchor.
  const end = Math.max(entryEnd(entry), entry.value?.range?.[1] ?? 0);
  const gone: [number, number] = [entryStart(entry), end];
  let splices = detach(parsed, entry.value);
  if (splices.length > 0) return splices;
  for (const part of [entry.pair?.key, entry.value] as (Node | null | undefined)[])
    if (part && splices.length === 0)
      visit(part, {
        Node(_, node) {
          splices = detach(parsed, node as Node, gone);
          return splices.length > 0 ? visit.BREAK : undefined;
        },
      });
  return splices;
}

function firstAliasOf(parsed: ParsedYaml, target: Node, gone?: [number, number]): Node | undefined {
  return parsed.shared.aliases.get(target)?.find((alias) => {
    const start = alias.range?.[0] ?? -1;
    return !gone || start < gone[0] || start > gone[1];
  });
}
