/** Where things stand in the source text of a parsed YAML document: nodes by path, and the ends of values. */
import { remembered } from '../maps.ts';
import { trimLineEnds } from './text-edit.ts';
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from './yaml.ts';

/** A map's pair or a list's item, with the collection that it stands in. */
export interface Entry {
  container: YAMLMap | YAMLSeq;
  /** Position in the container. */
  index: number;
  /** Undefined for the item of a list. */
  pair: Pair | undefined;
  /** Null where a key has no value at all. */
  value: Node | null;
}

/** The pair or item that a container holds itself; keys that a merge brings in are not its own. */
export function ownEntry(container: Node | null, key: string): Entry | undefined {
  if (!isMap(container) && !isSeq(container)) return undefined;
  const index = isMap(container)
    ? container.items.findIndex((pair) => keyOf(pair) === key)
    : Number(key);
  return index in container.items ? entryAt(container, index) : undefined;
}

/** Undefined for a merge, and for a key that is not a scalar. */
export function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) && !isMerge(pair) ? String(pair.key.value) : undefined;
}

/** The entry at a position, whatever its key is. */
export function entryAt(container: YAMLMap | YAMLSeq, index: number): Entry {
  const item = container.items[index];
  if (item === undefined) throw new Error('an entry of a collection was not found');
  const pair = isMap(container) ? (item as Pair) : undefined;
  return { container, index, pair, value: (pair ? pair.value : item) as Node | null };
}

/** Whether a pair is `<<: …`, which brings in the keys of other maps. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'symbol';
}

/** Whether a collection is written in braces or brackets. */
export function isFlow(node: Node | null): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

/** Whether nothing is written where the value would be: `key:`. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && startOf(node) === rangeEnd(node));
}

/** Where a node begins, after its anchor and tag. */
export function startOf(node: Node): number {
  if (!node.range) throw new Error('a node has no place in the source');
  return node.range[0];
}

/** Whether a node is a map or a list in block style, which ends where its last entry does. */
export function isBlockCollection(node: Node | null): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0;
}

/** Where a value begins: a block map at what stands before its first key, `? ` or an anchor. */
export function contentStart(node: Node): number {
  return isMap(node) && isBlockCollection(node) ? entryStart(entryAt(node, 0)) : startOf(node);
}

function rangeEnd(node: Node): number {
  return node.range?.[1] ?? startOf(node);
}

/** Where a value really ends, without the comments and blank lines that follow it. */
export function endOf(node: Node): number {
  return isBlockCollection(node) ? entryEnd(lastOf(node)) : rangeEnd(node);
}

function lastOf(container: YAMLMap | YAMLSeq): Entry {
  return entryAt(container, container.items.length - 1);
}

/** `endOf` without the line end that a block scalar takes with it. */
export function contentEnd(text: string, node: Node): number {
  return trimLineEnds(text, endOf(node));
}

/** Where an entry begins: its key with the anchor, tag and question mark before it, or the item of a list (not its dash). */
export function entryStart(entry: Entry): number {
  const { pair } = entry;
  const before = (pair ? pair.srcToken?.start : valueTokens(entry)) as SourceToken[] | undefined;
  const first = before?.find(({ type }) => ['explicit-key-ind', 'anchor', 'tag'].includes(type));
  return first?.offset ?? startOf((pair ? pair.key : entry.value) as Node);
}

/** Where an entry ends: after its value or, without one, after what stands before the value. */
export function entryEnd(entry: Entry): number {
  const { value } = entry;
  return value !== null && !isEmpty(value) ? endOf(value) : propertiesEnd(entry);
}

/** Where the anchor and the tag before an entry's value end, as far as they stand before a position. */
export function propertiesEnd(entry: Entry, before = Number.POSITIVE_INFINITY): number {
  const last = valueProperties(entry).findLast(({ offset }) => offset < before);
  return last ? last.offset + last.source.length : indicatorEnd(entry);
}

/** A piece of the source that is not a value: punctuation, anchors, tags, space, comments. */
interface SourceToken {
  type: string;
  offset: number;
  source: string;
}

/** Whether an explicit key (`? key`) has no colon, and so no place for a value. */
export function lacksColon(entry: Entry): boolean {
  return entry.pair !== undefined && colonOf(entry.pair) === undefined;
}

/** Where a value may begin: after the colon of a pair or the dash of an item; the item itself in a flow list. */
export function indicatorEnd(entry: Entry): number {
  if (entry.pair) {
    const colon = colonOf(entry.pair);
    return colon ? colon.offset + 1 : endOf(entry.pair.key as Node);
  }
  const dash = valueTokens(entry).find((token) => token.type === 'seq-item-ind');
  return dash ? dash.offset + 1 : startOf(entry.value as Node);
}

function colonOf(pair: Pair): SourceToken | undefined {
  const separators = (pair.srcToken?.sep ?? []) as SourceToken[];
  return separators.find((token) => token.type === 'map-value-ind');
}

/** Where an entry begins in block style: at its key, or at the dash of an item. */
export function beginOf(entry: Entry): number {
  return entry.pair ? entryStart(entry) : indicatorEnd(entry) - 1;
}

/** The anchor and the tag that are written before an entry's value. */
export function valueProperties(entry: Entry): SourceToken[] {
  return valueTokens(entry).filter(({ type }) => type === 'anchor' || type === 'tag');
}

/** What stands between an entry's key, or the item before it, and its value. */
function valueTokens({ container, index, pair }: Entry): SourceToken[] {
  if (pair) return (pair.srcToken?.sep ?? []) as SourceToken[];
  const tokens = remembered(itemTokens, container, () => {
    const { items = [] } = (container.srcToken ?? {}) as { items?: ItemToken[] };
    // A comment at the end of a list, and a comma after its last item, make items of their own without a value.
    return items.filter(isItem);
  });
  return tokens[index]?.start ?? [];
}

/** The items of each list, for as long as it lives: they are asked for once for each item. */
const itemTokens = new WeakMap<object, readonly ItemToken[]>();

interface ItemToken {
  start: SourceToken[];
  key?: unknown;
  sep?: unknown;
  value?: unknown;
}

function isItem({ start, key, sep, value }: ItemToken): boolean {
  const marks = ['seq-item-ind', 'explicit-key-ind', 'anchor', 'tag'];
  return Boolean(key || sep || value) || start.some(({ type }) => marks.includes(type));
}

/** Whether the last value in a block is a scalar such as `|+`, which keeps the blank lines that follow it. */
export function endsKeepingLines(node: Node | null): boolean {
  return blockHeader(node).includes('+');
}

/** Whether the last value in a block is a literal or folded scalar. */
export function endsInBlockScalar(node: Node | null): boolean {
  return blockHeader(node) !== '';
}

function blockHeader(node: Node | null): string {
  const token = lastValueOf(node)?.srcToken as { props?: SourceToken[] } | undefined;
  return token?.props?.find(({ source }) => /^[|>]/.test(source))?.source ?? '';
}

/** The scalar that a value ends in, in block style. */
export function lastValueOf(node: Node | null): Scalar | undefined {
  if (isScalar(node)) return node as Scalar;
  return isBlockCollection(node) ? lastValueOf(lastOf(node).value) : undefined;
}
