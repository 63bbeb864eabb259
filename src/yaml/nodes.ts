/** Where things stand in the source text of a parsed YAML document: nodes by path, and the ends of values. */

import { trimLineEnds } from './text-edit.ts';
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
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
  if (isMap(container)) {
    const index = container.items.findIndex(
      (pair) => isScalar(pair.key) && !isMerge(pair) && String(pair.key.value) === key,
    );
    return index < 0 ? undefined : entryAt(container, index);
  }
  if (isSeq(container)) {
    const index = Number(key);
    return index in container.items ? entryAt(container, index) : undefined;
  }
  return undefined;
}

/** The entry at a position, whatever its key is. */
export function entryAt(container: YAMLMap | YAMLSeq, index: number): Entry {
  const item = container.items[index];
  if (item === undefined) throw new Error('an entry of a collection was not found');
  if (isSeq(container)) return { container, index, pair: undefined, value: item as Node };
  const pair = item as Pair;
  return { container, index, pair, value: pair.value as Node | null };
}

/** Whether a pair is `<<: …`, which brings in the keys of other maps. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'symbol';
}

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

/** Where a value begins: a block map at what stands before its first key, `? ` or an anchor. */
export function contentStart(node: Node): number {
  if (!isMap(node) || isFlow(node) || node.items.length === 0) return startOf(node);
  return entryStart(entryAt(node, 0));
}

function rangeEnd(node: Node): number {
  return node.range?.[1] ?? startOf(node);
}

/** Where a value really ends, without the comments and blank lines that follow it. */
export function endOf(node: Node): number {
  if ((!isMap(node) && !isSeq(node)) || isFlow(node) || node.items.length === 0)
    return rangeEnd(node);
  return entryEnd(entryAt(node, node.items.length - 1));
}

/** `endOf` without the line end that a block scalar takes with it. */
export function contentEnd(text: string, node: Node): number {
  return trimLineEnds(text, endOf(node));
}

/** Where an entry begins: its key with the anchor, tag and question mark before it, or the item of a list (not its dash). */
export function entryStart(entry: Entry): number {
  const before = entry.pair
    ? (entry.pair.srcToken?.start as SourceToken[] | undefined)
    : valueTokens(entry);
  const first = before?.find(({ type }) => ENTRY_TOKENS.has(type));
  return first?.offset ?? startOf(entry.pair ? (entry.pair.key as Node) : (entry.value as Node));
}

const ENTRY_TOKENS = new Set(['explicit-key-ind', 'anchor', 'tag']);

/** Where an entry ends: after its value or, without one, after what stands before the value. */
export function entryEnd(entry: Entry): number {
  const { value } = entry;
  if (value !== null && !isEmpty(value)) return endOf(value);
  const properties = valueProperties(entry).at(-1);
  return properties ? properties.offset + properties.source.length : indicatorEnd(entry);
}

/** A piece of the source that is no value: punctuation, anchors, tags, space, comments. */
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

/** Position of the dash of an item in a block list. */
export function dashOf(container: YAMLSeq, index: number): number {
  return indicatorEnd(entryAt(container, index)) - 1;
}

/** The anchor and the tag that are written before an entry's value. */
export function valueProperties(entry: Entry): SourceToken[] {
  return valueTokens(entry).filter(({ type }) => type === 'anchor' || type === 'tag');
}

/** What stands between an entry's key, or the item before it, and its value. */
function valueTokens({ container, index, pair }: Entry): SourceToken[] {
  if (pair) return (pair.srcToken?.sep ?? []) as SourceToken[];
  const source = container.srcToken as { items?: ItemToken[] } | undefined;
  // A comment at the end of a list, and a comma after its last item, make items of their own without a value.
  return source?.items?.filter(isItem)[index]?.start ?? [];
}

interface ItemToken {
  start: SourceToken[];
  key?: unknown;
  sep?: unknown;
  value?: unknown;
}

function isItem({ start, key, sep, value }: ItemToken): boolean {
  const marks = new Set(['seq-item-ind', 'explicit-key-ind', 'anchor', 'tag']);
  return Boolean(key || sep || value) || start.some(({ type }) => marks.has(type));
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
  if (isScalar(node)) {
    const token = node.srcToken as { props?: SourceToken[] } | undefined;
    return token?.props?.find(({ source }) => /^[|>]/.test(source))?.source ?? '';
  }
  if ((!isMap(node) && !isSeq(node)) || isFlow(node) || node.items.length === 0) return '';
  return blockHeader(entryAt(node, node.items.length - 1).value);
}
