/** What was written where, for a person who waits for it: in a pipe, and in a job of a CI, success is silent. */
import { printed } from '../errors.ts';
import { isTerminal } from './colors.ts';
import type { Io } from './io.ts';

/** @param what - `3 overlays` */
export function sayWritten(what: string, place: string, io: Io): void {
  if (isTerminal(io.stderr)) io.stderr.write(`${printed(`wrote ${what} to ${place}`)}\n`);
}
