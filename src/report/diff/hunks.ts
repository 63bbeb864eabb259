/** The lines of an entry with those around them, as people read a diff. */
import { commonPath, linesOf } from './field-path.ts';
import type { Entry } from './group.ts';
import type { ChangedBlock } from './resource-changes.ts';

/** Lines that stay, before and behind those that change. */
const CONTEXT = 3;

interface Hunk {
  /** The place that all of it is in; empty for a whole resource. */
  path: string;
  /** Each with its sign: `-`, `+`, or a space. */
  lines: readonly string[];
}

/** As in the entry's first overlay. What other entries change there stands as it is afterwards. */
export function hunksOf({ change, blocks }: Entry): Hunk[] {
  const { old, now } = change;
  return neighbours(blocks).map((near): Hunk => {
    const [first, last] = [near[0] as ChangedBlock, near.at(-1) as ChangedBlock];
    const parts: string[][] = [];
    let at = Math.max(0, first.newStart - CONTEXT);
    for (const { newStart, removed, added } of near) {
      parts.push(now.slice(at, newStart).map((line) => ` ${line}`));
      parts.push(
        removed.map((line) => `-${line}`),
        added.map((line) => `+${line}`),
      );
      at = newStart + added.length;
    }
    const end = last.newStart + last.added.length + CONTEXT;
    parts.push(now.slice(at, end).map((line) => ` ${line}`));
    const path =
      near.length === 1 ? first.path : commonPath(near.flatMap((one) => linesOf(one, old, now)));
    return { path, lines: parts.flat() };
  });
}

/** Blocks whose lines around them touch belong together. */
function neighbours(blocks: readonly ChangedBlock[]): ChangedBlock[][] {
  const groups: ChangedBlock[][] = [];
  for (const block of [...blocks].sort((left, right) => left.newStart - right.newStart)) {
    const before = groups.at(-1)?.at(-1);
    const gap = before ? block.newStart - before.newStart - before.added.length : 0;
    if (before && gap <= 2 * CONTEXT) groups.at(-1)?.push(block);
    else groups.push([block]);
  }
  return groups;
}
