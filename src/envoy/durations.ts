/** Durations as the JSON form of protobuf has them: `15s`, `0.5s`. */
import { asText, type Json } from '../yaml/json.ts';

/** In seconds; undefined where it is not a duration. */
export function secondsIn(value: Json | undefined): number | undefined {
  const [, amount] = /^(\d+(?:\.\d+)?)s$/.exec(asText(value ?? '')) ?? [];
  return amount === undefined ? undefined : Number(amount);
}

/** In seconds, and Infinity for zero, where that stands for no limit. */
export function limitIn(value: Json | undefined): number | undefined {
  const seconds = secondsIn(value);
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds;
}
