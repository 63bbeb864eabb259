/** `--shard 3/8`: one part of many overlays, for one of several machines. */
import { InvalidArgumentError } from 'commander';
import { UsageError } from './io.ts';

/** Which part of how many. */
export interface Shard {
  /** From 1. */
  number: number;
  of: number;
}

/** Reads the value of the flag; throws what commander prints as a usage error. */
export function toShard(text: string): Shard {
  const [, number = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (number >= 1 && number <= of) return { number, of };
  throw new InvalidArgumentError('It is a number and how many there are, as in 3/8.');
}

/**
 * Neighbours by name, so that a new overlay moves few others into another part. Parts differ by one overlay at most, and together they are
 * everything, each once.
 */
export function inShard(overlays: readonly string[], { number, of }: Shard): string[] {
  if (new Set(overlays).size < overlays.length)
    throw new UsageError('an overlay is given twice', 'name everything once');
  const sorted = [...overlays].sort();
  const border = (part: number) => Math.floor((sorted.length * part) / of);
  return sorted.slice(border(number - 1), border(number));
}
