/** What a matcher was meant for: the plainest texts that it matches. */
import type { OriginMatcher } from './matcher.ts';
import { compileExpression } from './re2.ts';

/** One character of a sample; wild where the expression takes others in its place on purpose. */
interface SampleCharacter {
  text: string;
  isWild: boolean;
}

/** One such text, character by character: of each it is known what else could stand in its place. */
export type Sample = readonly SampleCharacter[];

/** Adds to each sample what a part of an expression matches; open inside of something that repeats. */
type Part = (samples: readonly Sample[], isOpen: boolean) => Sample[];

/** Choices multiply: beyond this number the first ones speak for the rest. */
const MOST_SAMPLES = 24;

/** Longer than any origin. */
const MOST_CHARACTERS = 512;

/** What stands for a set of characters, in the order of likelihood in an origin. */
const LIKELY = ['a', '1', '-', '.', ':', '/'];

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** A few samples, in lower case where the matcher leaves that open: each option once, optional parts with and without. */
export function samplesOf(matcher: Pick<OriginMatcher, 'form' | 'value' | 'matches'>): Sample[] {
  const { form, value, matches } = matcher;
  const ignoresCase = /\(\?[a-zA-Z]*i/.test(value);
  const anything = repeated(dot, 0, Number.POSITIVE_INFINITY);
  const whole =
    form === 'safe_regex'
      ? readChoice(value.matchAll(TOKEN), ignoresCase)
      : sequence([
          ...(form === 'suffix' || form === 'contains' ? [anything] : []),
          ...Array.from(value, literal),
          ...(form === 'prefix' || form === 'contains' ? [anything] : []),
        ]);
  return whole([[]], false).map((sample) => {
    const lower = sample.map(({ text, isWild }) => ({ text: text.toLowerCase(), isWild }));
    return matches(textOf(lower)) ? lower : sample;
  });
}

export function textOf(sample: Sample): string {
  return sample.map(({ text }) => text).join('');
}

/** The pieces of an expression that RE2 takes. Source: RE2's syntax page (github.com/google/re2/wiki/Syntax). */
const TOKEN = new RegExp(
  [
    /\\Q(?<quoted>.*?)(?:\\E|$)/,
    /(?<repetition>[*+?]|\{(?<least>\d+)(?<comma>,(?<most>\d*))?\})\??/,
    /(?<empty>\(\?[a-zA-Z-]*\)|[$^]|\\[AzbB])/,
    /(?<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)/,
    /(?<set>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\\(?:x\{\w+\}|x\w\w|[pP](?:\{[^}]*\}|.)|[0-7]{1,3}|[a-zA-Z]))/,
    /\\?(?<character>.)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gsu',
);

/** Reads on to the end of a group, or of the whole. */
function readChoice(tokens: Iterator<RegExpExecArray>, ignoresCase: boolean): Part {
  const options: Part[][] = [[]];
  for (let next = tokens.next(); !next.done; next = tokens.next()) {
    const { 0: token, groups = {} } = next.value;
    const items = options.at(-1) as Part[];
    if (token === ')') break;
    if (token === '|') options.push([]);
    else if (token === '.') items.push(dot);
    else if (groups['open']) items.push(readChoice(tokens, ignoresCase));
    else if (groups['set']) items.push(oneOf(token, ignoresCase));
    else if (groups['repetition'])
      items.push(repeated(items.pop() ?? nothing, ...countsOf(groups)));
    else if (groups['empty']) items.push(nothing);
    else items.push(...Array.from(groups['quoted'] ?? groups['character'] ?? '', literal));
  }
  const sequences = options.map(sequence);
  return (samples, isOpen) => limited(sequences.flatMap((option) => option(samples, isOpen)));
}

/** How often a repetition has its part at least, and at most. */
function countsOf({ repetition, least, comma, most }: Record<string, string>): [number, number] {
  if (least !== undefined)
    return [Number(least), Number(most || (comma ? Number.POSITIVE_INFINITY : least))];
  return [repetition === '+' ? 1 : 0, repetition === '?' ? 1 : Number.POSITIVE_INFINITY];
}

const nothing: Part = (samples) => [...samples];

function one(text: string, isWild: boolean): Part {
  return (samples) =>
    samples.map((sample) =>
      sample.length < MOST_CHARACTERS ? [...sample, { text, isWild }] : sample,
    );
}

function literal(text: string): Part {
  return one(text, false);
}

/** An unescaped dot outside of a repetition was meant as a dot. */
const dot: Part = (samples, isOpen) => (isOpen ? one('a', true) : literal('.'))(samples, isOpen);

/** A class or an escape; one that takes a single character is that character. */
function oneOf(token: string, ignoresCase: boolean): Part {
  const matches = compileExpression(token) ?? (() => false);
  const taken = ASCII.filter(matches);
  if (taken.length === 1 && taken[0] !== undefined) return literal(taken[0]);
  const likely = LIKELY.find(
    (text) => matches(text) || (ignoresCase && matches(text.toUpperCase())),
  );
  return likely === undefined ? nothing : one(likely, true);
}

function sequence(items: readonly Part[]): Part {
  return (samples, isOpen) =>
    items.reduce<Sample[]>((found, item) => item(found, isOpen), [...samples]);
}

function repeated(item: Part, least: number, most: number): Part {
  return (samples, isOpen) =>
    limited(
      (least > 0 ? [least] : [0, 1]).flatMap((count) =>
        // A part that is there or not is not a wildcard; anything that repeats is.
        sequence(new Array<Part>(Math.min(count, 8)).fill(item))(samples, isOpen || most > 1),
      ),
    );
}

function limited(samples: Sample[]): Sample[] {
  return samples.slice(0, MOST_SAMPLES);
}
