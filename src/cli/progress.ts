/** One line on a terminal that says how far something is; nothing anywhere else. */
import type { Writable } from 'node:stream';
import { isTerminal } from './colors.ts';

const TO_LINE_START_AND_CLEAR = '\r\x1b[K';
const DEFAULT_COLUMNS = 80;

export interface Progress {
  /** Replaces the line. */
  show(text: string): void;
  /** Takes the line away, before anything else is printed. */
  clear(): void;
}

/** A progress line on this stream, which stays silent in a pipe. */
export function progressOn(stream: Writable & { columns?: number }): Progress {
  if (!isTerminal(stream)) return { show() {}, clear() {} };
  let shown = false;
  return {
    show(text) {
      shown = true;
      const columns = stream.columns || DEFAULT_COLUMNS;
      stream.write(TO_LINE_START_AND_CLEAR + text.slice(0, columns - 1));
    },
    clear() {
      if (shown) stream.write(TO_LINE_START_AND_CLEAR);
      shown = false;
    },
  };
}
