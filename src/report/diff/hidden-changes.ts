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

function differing({ old, now, shownOld, shownNow }: Pair, path: Path): Path[] {
  if (equalJson(old, now)) return [];
  const keys = commonKeys(old, now);
  if (keys)
    return keys.flatMap((key) =>
      differing(
        {
          old: at(old, key),
          now: at(now, key),
          shownOld: at(shownOld, key),
          shownNow: at(shownNow, key),
        },
        [...path, key],
      ),
    );
  if (equalJson(shownOld, shownNow)) return [path];
  // Of a document in which more differs than can be seen.
  const texts = [old, now, shownOld, shownNow];
  if (!texts.every((text) => typeof text === 'string')) return [];
  const [a = '', b = '', shownA = '', shownB = ''] = texts as string[];
  if (!`${shownA}${shownB}`.includes(HIDDEN)) return [];
  return countLines(a, b) > countLines(shownA, shownB) ? [path] : [];
}

/** Undefined where the two are compared as a whole. */
function commonKeys(old: Json | undefined, now: Json | undefined): (string | number)[] | undefined {
  if (Array.isArray(old) && Array.isArray(now))
    return old.length === now.length ? [...old.keys()] : undefined;
  if (!isObject(old) || !isObject(now)) return undefined;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])];
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
