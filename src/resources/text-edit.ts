/** Replacements of ranges of a text: the only way in which text changes here. */

/** `text` takes the place of the characters from `start` up to, not including, `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies splices that do not overlap, in any order. @throws Error where two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = [...splices].sort(
    (left, right) => left.start - right.start || left.end - right.end,
  );
  let result = '';
  let position = 0;
  for (const splice of sorted) {
    if (splice.start < position) throw new Error('two edits overlap');
    result += text.slice(position, splice.start) + splice.text;
    position = splice.end;
  }
  return result + text.slice(position);
}

/** The line end that a text uses; its first one decides. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Where the line that holds a position begins. */
export function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}

/** Where the line that holds a position ends, before its line feed or carriage return. */
export function lineEnd(text: string, position: number): number {
  const feed = text.indexOf('\n', position);
  const end = feed < 0 ? text.length : feed;
  return end > position && text[end - 1] === '\r' ? end - 1 : end;
}

/** How many characters stand before a position on its line. */
export function columnOf(text: string, position: number): number {
  return position - lineStart(text, position);
}
