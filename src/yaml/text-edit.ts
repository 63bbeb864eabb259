/** Replacements of ranges of a text: the only way in which text changes here. */

/** `text` takes the place of the characters from `start` up to, not including, `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Splices in the order of their places; at one place an insertion comes before what is replaced. */
export function sortSplices(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((left, right) => left.start - right.start || left.end - right.end);
}

/** Applies splices that do not overlap, in any order. @throws Error where two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let position = 0;
  for (const splice of sortSplices(splices)) {
    if (splice.start < position) throw new Error('two edits overlap');
    result += text.slice(position, splice.start) + splice.text;
    position = splice.end;
  }
  return result + text.slice(position);
}

/** A stretch of the text before (`text` undefined) or a new one; `length` counts characters of the text after. */
interface Segment {
  start: number;
  length: number;
  text: string | undefined;
}

/** The splices that do at once what two sets do one after the other; the second is about the text that the first makes. */
export function composeSplices(first: readonly Splice[], second: readonly Splice[]): Splice[] {
  if (first.length === 0) return [...second];
  let segments = segmentsOf(first);
  let position = 0;
  const take = (length: number): Segment[] => {
    const taken: Segment[] = [];
    let rest = length;
    while (rest > 0) {
      const [head, ...tail] = segments as [Segment, ...Segment[]];
      const size = Math.min(rest, head.length);
      taken.push({ ...head, length: size, text: head.text?.slice(0, size) });
      const left = { ...head, length: head.length - size, text: head.text?.slice(size) };
      if (head.text === undefined) left.start += size;
      segments = left.length > 0 ? [left, ...tail] : tail;
      rest -= size;
    }
    return taken;
  };
  const composed: Segment[] = [];
  for (const splice of sortSplices(second)) {
    composed.push(...take(splice.start - position));
    take(splice.end - splice.start);
    if (splice.text) composed.push({ start: -1, length: splice.text.length, text: splice.text });
    position = splice.end;
  }
  composed.push(...segments);
  const result: Splice[] = [];
  let before = 0;
  let added = '';
  for (const segment of composed) {
    if (segment.text !== undefined) {
      added += segment.text;
      continue;
    }
    if (segment.start > before || added)
      result.push({ start: before, end: segment.start, text: added });
    before = segment.start + segment.length;
    added = '';
  }
  return result;
}

function segmentsOf(splices: readonly Splice[]): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (const { start, end, text } of sortSplices(splices)) {
    if (start > position)
      segments.push({ start: position, length: start - position, text: undefined });
    if (text) segments.push({ start: -1, length: text.length, text });
    position = end;
  }
  // What follows the last splice has no end that matters.
  segments.push({ start: position, length: Number.POSITIVE_INFINITY, text: undefined });
  return segments;
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
