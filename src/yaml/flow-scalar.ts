/** Plain and quoted scalars, on one line or folded over several: how decoded text maps to what is written. */

import { ONE_LINE, printDoubleQuoted, printScalar } from './print.ts';
import { applySplices, type Splice } from './text-edit.ts';
import { Scalar } from './yaml.ts';

/** Some characters of the source with the text that they stand for: one character, an escape, a fold. */
interface Unit {
  start: number;
  end: number;
  text: string;
}

/** Splices of a scalar's source, quotes included, for splices of its decoded text; undefined where its style cannot hold it. */
export function spliceFlowScalar(
  source: string,
  style: Scalar['type'],
  decoded: string,
  inner: readonly Splice[],
): Splice[] | undefined {
  const units = readUnits(source, style);
  if (!units || textOf(units) !== decoded) return undefined;
  const places = placesOf(units, style === Scalar.PLAIN ? 0 : 1);
  const splices: Splice[] = [];
  for (const splice of inner) {
    const start = places.get(splice.start);
    const end = places.get(splice.end);
    const text = encode(splice.text, style);
    if (start === undefined || end === undefined || text === undefined) return undefined;
    splices.push({ start, end, text });
  }
  const wanted = applySplices(decoded, inner);
  if (style === Scalar.PLAIN && printScalar(wanted, 'yaml', true) !== wanted) return undefined;
  const written = readUnits(applySplices(source, splices), style);
  return written && textOf(written) === wanted ? splices : undefined;
}

/** What a quoted scalar says; undefined where it is not well-formed. */
export function decodeQuoted(source: string, style: Scalar['type']): string | undefined {
  const units = readUnits(source, style);
  return units && textOf(units);
}

function textOf(units: readonly Unit[]): string {
  return units.map(({ text }) => text).join('');
}

/** Source position for each decoded position between two units. */
function placesOf(units: readonly Unit[], first: number): Map<number, number> {
  const places = new Map<number, number>();
  let position = 0;
  for (const unit of units) {
    // Where something stands for no text, an insertion goes before it.
    if (!places.has(position)) places.set(position, unit.start);
    position += unit.text.length;
  }
  if (!places.has(position)) places.set(position, units.at(-1)?.end ?? first);
  return places;
}

function encode(text: string, style: Scalar['type']): string | undefined {
  if (style === Scalar.QUOTE_DOUBLE) return printDoubleQuoted(text).slice(1, -1);
  if (!ONE_LINE.test(text)) return undefined;
  return style === Scalar.QUOTE_SINGLE ? text.replaceAll("'", "''") : text;
}

function readUnits(source: string, style: Scalar['type']): Unit[] | undefined {
  if (style === Scalar.PLAIN) return readAll(source, 0, source.length, () => undefined);
  const quote =
    style === Scalar.QUOTE_DOUBLE ? '"' : style === Scalar.QUOTE_SINGLE ? "'" : undefined;
  const last = source.length - 1;
  if (!quote || last < 1 || source[0] !== quote || source[last] !== quote) return undefined;
  return readAll(source, 1, last, quote === '"' ? readEscape : readDoubledQuote);
}

const FOLD = /[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;

function readAll(
  source: string,
  from: number,
  to: number,
  readSpecial: (source: string, at: number) => Unit | undefined,
): Unit[] {
  const units: Unit[] = [];
  let at = from;
  while (at < to) {
    const unit = readFold(source, at) ??
      readSpecial(source, at) ?? { start: at, end: at + 1, text: source[at] ?? '' };
    units.push(unit);
    at = unit.end;
  }
  return units;
}

/** A line end with the space around it: one space, or a line feed for each further line end. */
function readFold(source: string, at: number): Unit | undefined {
  if (!/[ \t\r\n]/.test(source[at] ?? '')) return undefined;
  FOLD.lastIndex = at;
  const fold = FOLD.exec(source)?.[0];
  if (fold === undefined) return undefined;
  const breaks = fold.split('\n').length - 1;
  return { start: at, end: at + fold.length, text: breaks === 1 ? ' ' : '\n'.repeat(breaks - 1) };
}

function readDoubledQuote(source: string, at: number): Unit | undefined {
  return source[at] === "'" ? { start: at, end: at + 2, text: "'" } : undefined;
}

const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const CODE_POINT = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8}))/y;
const CONTINUATION = /\\\r?\n((?:[ \t]*\r?\n)*)[ \t]*/y;

function readEscape(source: string, at: number): Unit | undefined {
  if (source[at] !== '\\') return undefined;
  CONTINUATION.lastIndex = at;
  const continuation = CONTINUATION.exec(source);
  if (continuation) {
    const breaks = (continuation[1] ?? '').split('\n').length - 1;
    return { start: at, end: at + continuation[0].length, text: '\n'.repeat(breaks) };
  }
  CODE_POINT.lastIndex = at;
  const code = CODE_POINT.exec(source);
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    const text = value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd';
    return { start: at, end: at + code[0].length, text };
  }
  const text = ESCAPES[source[at + 1] ?? ''];
  return text === undefined ? undefined : { start: at, end: at + 2, text };
}
