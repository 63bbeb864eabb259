/** One line on a terminal that says how far something is; nothing anywhere else. */
import type { Writable } from 'node:stream';
import { onOneLine } from '../foreign-text.ts';
import { isTerminal } from './colors.ts';

const TO_LINE_START_AND_CLEAR = '\r\x1b[K';
const DEFAULT_COLUMNS = 80;

/** A line on this stream: `show` replaces it, `clear` takes it away before anything else is printed. It stays silent in a pipe. */
export function progressOn(stream: Writable & { columns?: number }) {
  let isShown = false;
  const write = (text: string) => {
    if (isTerminal(stream) && (text !== '' || isShown))
      stream.write(
        TO_LINE_START_AND_CLEAR + onOneLine(text).slice(0, (stream.columns || DEFAULT_COLUMNS) - 1),
      );
    isShown = text !== '';
  };
  return { show: write, clear: () => write('') };
}
