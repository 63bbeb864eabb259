/** Replacements of ranges of a text: the only way in which text changes here. */

/** `text` takes the place of the characters from `start` up to, not including, `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * Applies splices that do not overlap. Insertions at one place keep their order, and come before what is replaced there.
 * @throws Error where two overlap.
 */
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

/** Where the line that holds a position begins, after a byte order mark. */
export function lineStart(text: string, position: number): number {
  const start = position === 0 ? 0 : text.lastIndexOf('\n', position - 1) + 1;
  return start === 0 && position > 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
}

/** Where the line that holds a position ends, before its line feed or carriage return. */
export function lineEnd(text: string, position: number): number {
  const feed = text.indexOf('\n', position);
  const end = feed < 0 ? text.length : feed;
  return feed >= 0 && end > position && text[end - 1] === '\r' ? end - 1 : end;
}

/** Where the line after the one that holds a position begins; the end of the text where there is none. */
export function nextLine(text: string, position: number): number {
  const feed = text.indexOf('\n', position);
  return feed < 0 ? text.length : feed + 1;
}

/** Where the blank lines end that begin at a position. */
export function skipBlankLines(text: string, position: number): number {
  return position + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(position))?.[0].length ?? 0);
}

/** How many characters stand before a position on its line. */
export function columnOf(text: string, position: number): number {
  return position - lineStart(text, position);
}

/** The position without the line feeds and carriage returns before it. */
export function trimLineEnds(text: string, position: number): number {
  let end = position;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return end;
}

/**
 * Whether the next line with content after a position's own is a comment to the right of `column`: a literal block before it
 * would take it for its own.
 */
export function isDeepCommentNext(text: string, position: number, column: number): boolean {
  const next = /^(?:[ \t\r]*\n)+( *)#/.exec(text.slice(lineEnd(text, position)));
  return next?.[1] !== undefined && next[1].length > column;
}
