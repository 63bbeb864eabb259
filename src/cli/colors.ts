/** Colours for a stream: on a terminal only, and not where `NO_COLOR` is set. The one door to `picocolors`. */
import type { Readable, Writable } from 'node:stream';
import picocolors from 'picocolors';
import type { Io } from './io.ts';

/** A function for each colour, as `picocolors` names them. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** The same functions, which leave every text as it is: for what goes into a file or another program. */
export const NO_COLORS: Colors = picocolors.createColors(false);

/** Whether a stream is a terminal. */
export function isTerminal(stream: (Readable | Writable) & { isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

/** Functions that colour a text, or leave it as it is. */
export function colorsFor(stream: Writable, io: Io): Colors {
  return picocolors.createColors(isTerminal(stream) && !io.env.NO_COLOR);
}
