/** Which node each alias of a document stands for, found in one walk; and how much a document says with all of them. */
import { remembered } from '../maps.ts';
import { DEEPEST } from './json.ts';
import type { Node } from './yaml.ts';

/** A node of the `yaml` library, as far as a walk needs it. An alias has a source, and neither a value nor items. */
interface Part {
  items?: (Part | null)[];
  key?: Part | null;
  value?: unknown;
  source?: string;
  anchor?: string;
  range?: [number, number, number];
}

/** What is left of a conversion to plain values: the library keeps the value of every anchor in it. */
interface Conversion {
  doc?: unknown;
  anchors?: Map<unknown, { aliasCount: number; count: number; res: unknown }>;
}

/**
 * More values than these, and than the document has without its aliases, are refused: they would fill the memory.
 *
 * Source: go-yaml's `allowedAliasRatio`, which lets aliases make 99 of 100 values up to 400,000 of them.
 */
const MOST_VALUES = 400_000;

/** How many values a node stands for, and in how many levels. */
interface Size {
  size: number;
  levels: number;
}

const NOTHING: Size = { size: 0, levels: 0 };

/** What is wrong with the aliases of a document. */
interface AliasFault {
  position: number;
  what: string;
}

/** What several places of a document share. */
export interface Shared {
  /** The aliases of each anchored node, in the order of the text. */
  aliases: ReadonlyMap<Node, readonly Node[]>;
  /** Whether any map takes keys of others in. */
  hasMerges: boolean;
}

/**
 * Lets every alias know its node. The library would look through the whole document for each, and counts the aliases of one anchor instead
 * of what comes of them.
 */
export function resolveAliases(root: Node | null): {
  shared: Shared;
  fault: AliasFault | undefined;
} {
  const anchors = new Map<string, Part>();
  const aliases = new Map<Node, Node[]>();
  /** How many values each anchored node stands for, and in how many levels; 0 while that is not known yet. */
  const sizes = new Map<Part, Size>();
  let fault: AliasFault | undefined;
  const fail = (part: Part, what: string) => {
    fault ??= { position: part.range?.[0] ?? 0, what };
    return NOTHING;
  };
  let own = 0;
  let hasMerges = false;
  const sizeOf = (part: Part): Size => {
    own += 1;
    if (isAlias(part)) {
      const target = anchors.get(part.source ?? '');
      if (!target) return fail(part, 'an alias without its anchor');
      const node = target as unknown as Node;
      remembered(aliases, node, () => []).push(part as unknown as Node);
      follow(part, target);
      const found = sizes.get(target) ?? NOTHING;
      return found.size > 0 ? found : fail(part, 'an alias that contains itself');
    }
    if (part.anchor) {
      anchors.set(part.anchor, part);
      sizes.set(part, NOTHING);
    }
    // The library's own mark for `<<`.
    if (typeof part.key?.value === 'symbol') hasMerges = true;
    let size = 1;
    let levels = 0;
    for (const child of [...(part.items ?? []), part.key, isPair(part) ? part.value : null]) {
      const inner = child ? sizeOf(child as Part) : NOTHING;
      size += inner.size;
      levels = Math.max(levels, inner.levels);
    }
    // A pair is part of its map.
    if (!isPair(part)) levels += 1;
    if (levels > DEEPEST + 1)
      fail(part, `aliases that make more than ${DEEPEST} levels of nesting`);
    const found = { size, levels };
    if (part.anchor) sizes.set(part, found);
    return found;
  };
  const { size } = root ? sizeOf(root as unknown as Part) : NOTHING;
  const isTooMuch = size > MOST_VALUES + own;
  const first = [...aliases.values()][0]?.[0] as Part | undefined;
  if (isTooMuch && first) fail(first, 'aliases that stand for too much: more than 400,000 values');
  return { shared: { aliases, hasMerges }, fault };
}

function isAlias(part: Part): boolean {
  return typeof part.source === 'string' && !('value' in part) && !part.items;
}

function isPair(part: Part): boolean {
  return 'key' in part;
}

/** The library asks an alias for its node, and then for the value of that in the conversion. */
function follow(alias: Part, target: Part): void {
  const resolve = (document: unknown, conversion?: Conversion) => {
    const { anchors } = conversion ?? {};
    if (anchors && !anchors.has(target)) {
      const res = (target as unknown as Node).toJS(document as never);
      anchors.set(target, { aliasCount: 0, count: 1, res });
    }
    return target;
  };
  Object.assign(alias, { resolve });
}
