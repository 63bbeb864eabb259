/** How a list becomes another with the fewest changes. */
import { equalJson, isObject, type Json } from './json.ts';

/** The next item of the old list stays, perhaps changed; or it goes; or the next item of the new one comes. */
export type Step = 'stay' | 'go' | 'come';

/** Beyond this many pairs only the places decide: a long list that changes everywhere. */
const MOST_PAIRS = 40_000;

/** The steps from one list to another, in order; items that are equal or alike are taken for the same one. */
export function alignItems(old: readonly Json[], wanted: readonly Json[]): Step[] {
  const shorter = Math.min(old.length, wanted.length);
  let head = 0;
  while (head < shorter && equalJson(old[head], wanted[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && equalJson(old.at(-1 - tail), wanted.at(-1 - tail))) tail += 1;
  const [left, right] = [old, wanted].map((items) => items.slice(head, items.length - tail)) as [
    Json[],
    Json[],
  ];
  const stay = (count: number) => Array<Step>(count).fill('stay');
  return [...stay(head), ...cheapestSteps(left, right), ...stay(tail)];
}

/** The edit distance of two lists, where changing an item costs less than taking it away and bringing another. */
function cheapestSteps(old: readonly Json[], wanted: readonly Json[]): Step[] {
  if (old.length * wanted.length > MOST_PAIRS) return byPlace(old.length, wanted.length);
  const { going, coming, change } = pricesOf(old, wanted);
  // costs[i][j]: of all that is left from place i of the old list and place j of the new one.
  const sumFrom = (all: readonly number[], from: number) =>
    all.slice(from).reduce((sum, each) => sum + each, 0);
  const costs = Array.from({ length: old.length + 1 }, (_, i) =>
    Array.from({ length: wanted.length + 1 }, (_, j) =>
      i === old.length || j === wanted.length ? sumFrom(going, i) + sumFrom(coming, j) : 0,
    ),
  );
  const cost = (i: number, j: number) => costs[i]?.[j] ?? 0;
  const stayed = (i: number, j: number) => (change[i]?.[j] ?? 0) + cost(i + 1, j + 1);
  const gone = (i: number, j: number) => (going[i] ?? 0) + cost(i + 1, j);
  const come = (i: number, j: number) => (coming[j] ?? 0) + cost(i, j + 1);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = wanted.length - 1; j >= 0; j -= 1)
      (costs[i] as number[])[j] = Math.min(stayed(i, j), gone(i, j), come(i, j));
  const steps: Step[] = [];
  for (let i = 0, j = 0; i < old.length || j < wanted.length; ) {
    const both = i < old.length && j < wanted.length;
    const step: Step =
      both && cost(i, j) === stayed(i, j)
        ? 'stay'
        : i < old.length && (!both || cost(i, j) === gone(i, j))
          ? 'go'
          : 'come';
    steps.push(step);
    if (step !== 'come') i += 1;
    if (step !== 'go') j += 1;
  }
  return steps;
}

/** What each step costs: that an item of the old list goes, that one of the new list comes, and that the one becomes the other. */
interface Prices {
  going: readonly number[];
  coming: readonly number[];
  /** By the places in both lists. */
  change: readonly (readonly number[])[];
}

function pricesOf(old: readonly Json[], wanted: readonly Json[]): Prices {
  const isIn = (items: readonly Json[], item: Json) =>
    items.some((other) => equalJson(other, item));
  // An item that stands in both lists stays as it is, whatever that costs the others.
  const whole = old.length + wanted.length;
  const going = old.map((item) => (isIn(wanted, item) ? whole : 1));
  const coming = wanted.map((item) => (isIn(old, item) ? whole : 1));
  const change = old.map((item, i) =>
    wanted.map((other, j) => {
      const isInBoth = going[i] !== 1 || coming[j] !== 1;
      if (!isInBoth) return costOfChange(item, other);
      return equalJson(item, other) ? 0 : 2 * whole;
    }),
  );
  return { going, coming, change };
}

/** Where there are too many pairs to compare: items of one place are one, and the longer list ends later. */
function byPlace(old: number, wanted: number): Step[] {
  const more: Step = wanted > old ? 'come' : 'go';
  const [shorter, longer] = [Math.min(old, wanted), Math.max(old, wanted)];
  return Array.from({ length: longer }, (_, index) => (index < shorter ? 'stay' : more));
}

/** From nothing up to a little less than what it costs to take one item away and bring another. */
function costOfChange(left: Json, right: Json): number {
  const isAtom = !isObject(left) && !Array.isArray(left);
  return (isAtom ? 1.5 : 1.9) * distance(left, right);
}

/** How much of two values differs, from 0 to 1. */
function distance(left: Json | undefined, right: Json | undefined): number {
  if (equalJson(left, right)) return 0;
  const isComparable =
    (isObject(left) && isObject(right)) || (Array.isArray(left) && Array.isArray(right));
  if (!isComparable) return 1;
  const [one, other] = [left, right] as [{ [key: string]: Json }, { [key: string]: Json }];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const all = keys.map((key) => distance(one[key], other[key]));
  return all.reduce((sum, each) => sum + each, 0) / keys.length;
}
