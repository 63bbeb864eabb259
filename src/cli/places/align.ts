/** The same place in two versions of a thing: a manifest as it was built, and the file that it was built from. */
import { EmbeddedDocument } from '../../manifests/embedded-document.ts';
import { equalJson, isObject, type Json } from '../../yaml/json.ts';

/** A place in the file. */
export interface Aligned {
  /** As far as it is there. */
  keys: string[];
  /** Whether all of it is there, and where it is a single value, with the same one. */
  isSame: boolean;
}

/**
 * Follows keys of what was built through what a file says. Items of lists are found by what they say: patches put some before them. A
 * string with a document in it is looked into.
 */
export function align(keys: readonly string[], built: unknown, file: unknown): Aligned {
  const found: string[] = [];
  let [here, there] = [built, file];
  for (const key of keys) {
    const last = found.at(-1) ?? '';
    if (typeof there === 'string') {
      there = new EmbeddedDocument(last, there).json;
      here = typeof here === 'string' ? new EmbeddedDocument(last, here).json : undefined;
    }
    const step = Array.isArray(there)
      ? indexIn(there, here, Number(key))
      : isObject(there) && Object.hasOwn(there, key)
        ? key
        : undefined;
    if (step === undefined) return { keys: found, isSame: false };
    found.push(String(step));
    here = itemOf(here, key);
    there = itemOf(there, String(step));
  }
  const isValue = typeof here !== 'object' || typeof there !== 'object';
  return { keys: found, isSame: !isValue || equalJson(here, there) };
}

function itemOf(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) return holder[Number(key)];
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** The most similar item; of equals, the one at the same index. Undefined where nothing tells which it is. */
function indexIn(items: readonly Json[], built: unknown, index: number): number | undefined {
  const isSameList = Array.isArray(built) && built.length === items.length;
  const scores = items.map((item) => similarity(item, itemOf(built, String(index))));
  const most = Math.max(0, ...scores);
  if (most === 0) return isSameList && index < items.length ? index : undefined;
  return scores[index] === most ? index : scores.indexOf(most);
}

/** Names tell items apart; without them, whatever they share. */
function similarity(one: unknown, other: unknown): number {
  if (!isObject(one) || !isObject(other)) return equalJson(one, other) ? 1 : 0;
  const shared = Object.keys(one).filter(
    (key) => Object.hasOwn(other, key) && equalJson(one[key], other[key]),
  );
  return shared.length + (shared.includes('name') ? 100 : 0);
}
