/** Values that differ and are never shown: that they differ is said. */
import type { Chunk } from '../../manifests/chunk.ts';
import { resourcesOf } from '../../manifests/resource.ts';
import { withoutHash } from '../../surface/near-names.ts';
import { equalJson, isObject, type Json } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { HIDDEN, redactResource } from '../redact.ts';
import { blocksBetween } from '../text-diff.ts';

type Path = readonly (string | number)[];

/** A pair of values in two states, as they are and as they are shown. */
interface Pair {
  old: Json | undefined;
  now: Json | undefined;
  shownOld: Json | undefined;
  shownNow: Json | undefined;
}

/** Paths of values that differ where what is shown of them does not, or not as much. */
export function hiddenChanges(old: Chunk, now: Chunk): string[] {
  const [before, after] = [old, now].map((chunk) => resourcesOf(chunk));
  if (!before || !after || before.problem || after.problem)
    return ['a document that cannot be read'];
  return after.resources.flatMap(({ json, kind, name }, index) => {
    const other = before.resources[index];
    if (!other) return [];
    const paths = differing(
      {
        old: other.json,
        now: json,
        shownOld: kind === 'Secret' ? null : redactResource(other.json),
        shownNow: kind === 'Secret' ? null : redactResource(json),
      },
      [],
    );
    const isHash = withoutHash(name) === withoutHash(other.name);
    return paths
      .map(toPath)
      .filter((path) => !(isHash && path === 'metadata.name'))
      .map((path) => (after.resources.length > 1 ? `items[${index}].${path}` : path));
  });
}

function differing(pair: Pair, path: Path): Path[] {
  const { old, now, shownOld, shownNow } = pair;
  if (equalJson(old, now)) return [];
  const keys = commonKeys(pair);
  if (keys) return keys.flatMap((key) => differing(pairAt(pair, key), [...path, key]));
  if (equalJson(shownOld, shownNow)) return [path];
  // Another order is seen, and no change of a value.
  if (Array.isArray(old) && Array.isArray(now))
    return itemPairs(pair).flatMap(([before, after]) =>
      differing(pairAt(pair, before, after), [...path, after]),
    );
  // Of a document in which more differs than can be seen.
  const texts = [old, now, shownOld, shownNow];
  if (!texts.every((text) => typeof text === 'string')) return [];
  const [a = '', b = '', shownA = '', shownB = ''] = texts as string[];
  if (!`${shownA}${shownB}`.includes(HIDDEN)) return [];
  return countLines(a, b) > countLines(shownA, shownB) ? [path] : [];
}

/** Undefined where the two are compared as a whole, or item by item. */
function commonKeys({ old, now, shownOld, shownNow }: Pair): (string | number)[] | undefined {
  if (Array.isArray(old) && Array.isArray(now))
    return old.length === now.length && equalJson(shownOld, shownNow) ? [...old.keys()] : undefined;
  if (!isObject(old) || !isObject(now)) return undefined;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])];
}

/**
 * Which items of two lists are the same one, wherever they stand: those of one name, else those that are shown alike, each with its like
 * in order. What has no like is shown as a line that came; where the lists are as long as each other, it is what stood in its place.
 */
function itemPairs({ old, now, shownOld, shownNow }: Pair): [before: number, after: number][] {
  const [before, after] = [itemKeys(old, shownOld), itemKeys(now, shownNow)];
  const indexes = new Map(before.map((key, index) => [key, index]));
  return after.flatMap((key, index): [number, number][] => {
    const like = indexes.get(key) ?? (before.length === after.length ? index : undefined);
    return like === undefined ? [] : [[like, index]];
  });
}

/** What tells each item of a list from the others. */
function itemKeys(list: Json | undefined, shown: Json | undefined): string[] {
  const counts = new Map<string, number>();
  return (Array.isArray(list) ? list : []).map((item, index) => {
    const name = isObject(item) ? item['name'] : undefined;
    const key = JSON.stringify(typeof name === 'string' ? { name } : [at(shown, index)]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return `${count} ${key}`;
  });
}

function pairAt(pair: Pair, before: string | number, after = before): Pair {
  return {
    old: at(pair.old, before),
    now: at(pair.now, after),
    shownOld: at(pair.shownOld, before),
    shownNow: at(pair.shownNow, after),
  };
}

function at(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) ? value[String(key)] : value;
}

function countLines(old: string, now: string): number {
  return blocksBetween(old.split('\n'), now.split('\n')).reduce(
    (sum, { removed, added }) => sum + removed.length + added.length,
    0,
  );
}
