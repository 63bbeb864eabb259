/** Answers that are worked out when they are first asked for, and items that are put together by what they have in common. */

/** A `Map` or a `WeakMap`. */
interface Known<K, V> {
  has(key: K): boolean;
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** What a map has for a key; where it has nothing yet, that is worked out and kept. */
export function remembered<K, V>(known: Known<K, V>, key: K, find: () => V): V {
  if (!known.has(key)) known.set(key, find());
  return known.get(key) as V;
}

/** An answer that is worked out when it is first asked for, and stays. */
export function lazily<T>(find: () => T): () => T {
  let known: { answer: T } | undefined;
  return () => {
    known ??= { answer: find() };
    return known.answer;
  };
}

/** The items for each key that they have, both in the order in which they come. */
export function groupedBy<K, T>(
  items: readonly T[],
  keysOf: (item: T) => readonly K[],
): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items)
    for (const key of new Set(keysOf(item))) remembered(groups, key, () => []).push(item);
  return groups;
}
