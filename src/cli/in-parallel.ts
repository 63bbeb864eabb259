/** Work on several things at a time. */
import { availableParallelism } from 'node:os';

/** As many at a time as there are cores, or as said; the results come in the order of the items. What fails is thrown when all have come to an end. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  most = availableParallelism(),
): Promise<R[]> {
  const results: R[] = [];
  const open = [...items.entries()];
  const worker = async () => {
    for (let next = open.shift(); next !== undefined; next = open.shift())
      results[next[0]] = await work(next[1], next[0]);
  };
  const workers = Math.min(items.length, most);
  const ends = await Promise.allSettled(Array.from({ length: workers }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
