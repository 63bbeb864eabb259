/** What differs between two texts, line by line. The one door to `diff`. */
import { createTwoFilesPatch, diffArrays, FILE_HEADERS_ONLY } from 'diff';

/** So many lines that come and go are looked for one by one; two texts that differ in more have nothing in common. */
const MOST_EDITS = 5000;

/** Lines that stand next to each other and go, and those that come in their place. */
export interface Block {
  /** The index of the first line in the old text and in the new one; where there are none, of the line that follows. */
  oldStart: number;
  newStart: number;
  removed: readonly string[];
  added: readonly string[];
}

/** A unified diff of two texts that are fit to be shown. */
export function textDiff(from: string, to: string, old: string, now: string): string {
  return createTwoFilesPatch(from, to, old, now, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/** Every place where two lists of lines differ, in order. */
export function blocksBetween(old: readonly string[], now: readonly string[]): Block[] {
  const parts = diffArrays([...old], [...now], { maxEditLength: MOST_EDITS });
  if (!parts) return [{ oldStart: 0, newStart: 0, removed: old, added: now }];
  const blocks: Block[] = [];
  let [oldAt, newAt] = [0, 0];
  let open: { oldStart: number; newStart: number; removed: string[]; added: string[] } | undefined;
  for (const { value, added, removed } of parts) {
    if (!added && !removed) {
      open = undefined;
      oldAt += value.length;
      newAt += value.length;
      continue;
    }
    if (!open) {
      open = { oldStart: oldAt, newStart: newAt, removed: [], added: [] };
      blocks.push(open);
    }
    if (added) {
      open.added.push(...value);
      newAt += value.length;
    } else {
      open.removed.push(...value);
      oldAt += value.length;
    }
  }
  return blocks;
}
