/** Answers that are worked out once for each surface: asked for each of many entries, they cost no more than the stream is long. */
import { groupedBy, remembered } from '../maps.ts';
import type { Surface } from './surface.ts';

/** The same function, which remembers what it said of a surface until a rule has changed something. */
export function once<T>(find: (surface: Surface) => T): (surface: Surface) => T {
  const known = new WeakMap<Surface, { revision: number; answer: T }>();
  return (surface) => {
    const { revision } = surface;
    const last = known.get(surface);
    if (last?.revision === revision) return last.answer;
    const answer = find(surface);
    known.set(surface, { revision, answer });
    return answer;
  };
}

/** The same for an answer about a key. */
export function onceFor<K, T>(
  find: (key: K, surface: Surface) => T,
): (key: K, surface: Surface) => T {
  const answers = once(() => new Map<K, T>());
  return (key, surface) => remembered(answers(surface), key, () => find(key, surface));
}

/** The items of a list that have a key, in the order of the list. */
export function onceBy<K, T>(
  find: (surface: Surface) => readonly T[],
  keysOf: (item: T) => readonly K[],
): (key: K, surface: Surface) => readonly T[] {
  const index = once((surface) => groupedBy(find(surface), keysOf));
  return (key, surface) => index(surface).get(key) ?? [];
}
