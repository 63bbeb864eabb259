/** Where things stand in the source text of a parsed YAML document: nodes by path, and the ends of values. */
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from '../yaml.ts';

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
      (pair) => isScalar(pair.key) && String(pair.key.value) === key,
    );
    const pair = container.items[index];
    return pair && { container, index, pair, value: pair.value as Node | null };
  }
  if (isSeq(container)) {
    const index = Number(key);
    if (!(index in container.items)) return undefined;
    return { container, index, pair: undefined, value: container.items[index] as Node };
  }
  return undefined;
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

function rangeEnd(node: Node): number {
  return node.range?.[1] ?? startOf(node);
}

/** Where a value really ends, without the comments and blank lines that follow it. */
export function endOf(node: Node): number {
  if (isFlow(node)) return rangeEnd(node);
  if (isMap(node) || isSeq(node)) {
    const last = node.items.at(-1);
    if (last === undefined) return rangeEnd(node);
    return isMap(node) ? pairEnd(last as Pair) : endOf(last as Node);
  }
  return rangeEnd(node);
}

/** `endOf` without the line end that a block scalar takes with it. */
export function contentEnd(text: string, node: Node): number {
  return trimLineEnds(text, endOf(node));
}

export function trimLineEnds(text: string, position: number): number {
  let end = position;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return end;
}

/** Where a pair ends: after its value or, without one, after its colon. */
export function pairEnd(pair: Pair): number {
  const value = pair.value as Node | null;
  return value === null || isEmpty(value) ? colonEnd(pair) : endOf(value);
}

/** Where an entry begins: its key, or the item itself (not its dash). */
export function entryStart(entry: Entry): number {
  return startOf(entry.pair ? (entry.pair.key as Node) : (entry.value as Node));
}

export function entryEnd(entry: Entry): number {
  return entry.pair ? pairEnd(entry.pair) : endOf(entry.value as Node);
}

interface SourceToken {
  type: string;
  offset: number;
  source: string;
}

/** Position after the colon of a pair. */
export function colonEnd(pair: Pair): number {
  const separators = (pair.srcToken?.sep ?? []) as SourceToken[];
  const colon = separators.find((token) => token.type === 'map-value-ind');
  return colon ? colon.offset + 1 : endOf(pair.key as Node);
}

/** Position of the dash of an item in a block list. */
export function dashOf(container: YAMLSeq, index: number): number {
  return itemTokens(container, index).find((token) => token.type === 'seq-item-ind')?.offset ?? -1;
}

/** The anchor that is written before an entry's value. */
export function anchorOf(entry: Entry): SourceToken | undefined {
  const tokens = entry.pair
    ? ((entry.pair.srcToken?.sep ?? []) as SourceToken[])
    : itemTokens(entry.container as YAMLSeq, entry.index);
  return tokens.find((token) => token.type === 'anchor');
}

function itemTokens(container: YAMLSeq, index: number): SourceToken[] {
  const source = container.srcToken as { items?: { start: SourceToken[]; value?: unknown }[] };
  // Comments at the end of a list make items of their own, without a value.
  return (
    source.items?.filter((item) => item.start.some(isItemToken) || item.value)[index]?.start ?? []
  );
}

function isItemToken(token: SourceToken): boolean {
  return token.type === 'seq-item-ind';
}
