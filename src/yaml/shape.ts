/** What operations make of the entries of a collection, in terms of the entries that its text has. */
import type { Operation } from './json-patch.ts';
import { type Entry, entryAt, keyOf } from './nodes.ts';
import { isCollection, isSeq, type Node } from './yaml.ts';

/** An entry as it is to be. */
export interface Slot {
  /** Of a map; undefined for an item, a merge, and a key that is not a scalar. */
  key: string | undefined;
  /** As it is written; undefined for a new one. */
  entry: Entry | undefined;
  /** Whether its value is given as a whole. */
  isSet: boolean;
  /** Its value, where something in that changes. */
  inner: Shape | undefined;
}

/** The entries of one collection, and of those in it that operations reach into. */
export class Shape {
  readonly node: Node | null;
  /** The entries that are left and the new ones, in their order. */
  readonly slots: Slot[];
  /** Where keys of a map were found last. */
  readonly #places = new Map<string, number>();

  constructor(node: Node | null) {
    this.node = node;
    const entries = isCollection(node) ? node.items.map((_, index) => entryAt(node, index)) : [];
    this.slots = entries.map((entry) => ({
      key: entry.pair && keyOf(entry.pair),
      entry,
      isSet: false,
      inner: undefined,
    }));
    for (const [index, { key }] of this.slots.entries())
      if (key !== undefined && !this.#places.has(key)) this.#places.set(key, index);
  }

  /** Takes an operation in, which has to fit. */
  record({ op }: Operation, [key = '', ...rest]: readonly string[]): void {
    const index = this.#indexOf(key);
    const slot = this.slots[index];
    if (rest.length > 0) {
      // What is new is written as a whole, once all operations are known.
      if (!slot?.entry || slot.isSet) return;
      slot.inner ??= new Shape(slot.entry.value);
      slot.inner.record({ op } as Operation, rest);
    } else if (op === 'remove') {
      this.slots.splice(index, 1);
    } else if (slot && !(op === 'add' && isSeq(this.node))) {
      slot.isSet = true;
    } else {
      const place = isSeq(this.node) && key !== '-' ? index : this.slots.length;
      this.slots.splice(place, 0, newSlot(key));
    }
  }

  /** The path in the text of what is at a path now; undefined where that lies in a new value. */
  writtenPath([key = '', ...rest]: readonly string[]): string[] | undefined {
    const slot = this.slots[this.#indexOf(key)];
    const written = isSeq(this.node) && slot?.entry ? String(slot.entry.index) : key;
    if (rest.length === 0 || !slot) return [written, ...rest];
    if (!slot.entry || slot.isSet) return undefined;
    const inner = (slot.inner ?? new Shape(slot.entry.value)).writtenPath(rest);
    return inner && [written, ...inner];
  }

  #indexOf(key: string): number {
    if (isSeq(this.node)) return Number(key);
    // Entries of a map move only where one before them goes.
    const at = this.#places.get(key) ?? -1;
    if (this.slots[at]?.key === key) return at;
    const index = this.slots.findIndex((slot) => slot.key === key);
    if (index >= 0) this.#places.set(key, index);
    return index;
  }
}

/** An entry that is not written yet. */
export function newSlot(key: string): Slot {
  return { key, entry: undefined, isSet: true, inner: undefined };
}
