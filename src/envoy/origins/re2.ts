/**
 * Regular expressions as Envoy reads them: RE2's syntax, matched against the whole text, in linear time.
 *
 * The one door to `re2js`, a port of RE2. For the command line alone: the function's bundle does without it.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { remembered } from '../../maps.ts';

/** Whether an expression matches the whole of a text. */
export type Matches = (text: string) => boolean;

/** Instructions of a compiled expression: beyond them each match takes seconds, and no list of origins is that long. */
const LARGEST_PROGRAM = 5000;

/** Characters of an expression: to compile a longer one takes seconds, and Envoy refuses far smaller programs by default. */
const LONGEST_EXPRESSION = 10_000;

/** Each check asks for the same expressions again, and compiling is what costs; emptied when it is full. */
const compiledOnes = new Map<string, RE2JS | RE2JSSyntaxException>();
const MOST_REMEMBERED = 500;

/** Undefined for what RE2 refuses, and for what is too large to be tried. */
export function compileExpression(text: string): Matches | undefined {
  if (text.length > LONGEST_EXPRESSION) return undefined;
  const compiled = compile(text);
  if (!(compiled instanceof RE2JS) || compiled.programSize() > LARGEST_PROGRAM) return undefined;
  return (candidate) => compiled.matches(candidate);
}

/** Why RE2 refuses an expression, so that Envoy does not start with it; undefined where nothing is known against it. */
export function refusedBecause(text: string): string | undefined {
  if (text.length > LONGEST_EXPRESSION) return undefined;
  const compiled = compile(text);
  if (compiled instanceof RE2JS) return undefined;
  const part = compiled.getPattern() ?? '';
  // Any byte: RE2 has it, and the port, which knows no bytes, has not.
  return part === '\\C' ? undefined : REASONS[compiled.getDescription()]?.(part);
}

function compile(text: string): RE2JS | RE2JSSyntaxException {
  if (compiledOnes.size >= MOST_REMEMBERED) compiledOnes.clear();
  return remembered(compiledOnes, text, () => compileAnew(text));
}

function compileAnew(text: string): RE2JS | RE2JSSyntaxException {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error;
    throw error;
  }
}

const badGroup = (part: string) => {
  const look = /^\(\?<?[=!]/.exec(part)?.[0];
  return look ? `it looks around with \`${look}\`` : `there is no group \`${part}\``;
};

/**
 * What the port says about a part of the expression, in our words. Two things are left out, because Envoy takes them: a group's
 * name that stands twice, and groups that nest deeply.
 */
const REASONS: Readonly<Record<string, (part: string) => string>> = {
  'expression too large': () => 'its repetitions make it too large',
  'invalid character class range': (part) => `\`${part}\` is not a range or class of characters`,
  'invalid escape sequence': (part) =>
    /^\\[1-9]/.test(part) ? `it refers back with \`${part}\`` : `there is no escape \`${part}\``,
  'invalid named capture': badGroup,
  'invalid nested repetition operator': (part) => `\`${part}\` repeats a repetition`,
  'invalid or unsupported Perl syntax': badGroup,
  'invalid repeat count': (part) =>
    `\`${part}\` is not a range up to 1000, or is more together with a repetition inside`,
  'missing argument to repetition operator': (part) => `\`${part}\` repeats nothing`,
  'missing closing )': () => 'a `(` is never closed',
  'missing closing ]': () => 'a `[` is never closed',
  'trailing backslash at end of expression': () => 'a backslash at its end escapes nothing',
  'unexpected )': () => 'a `)` closes nothing',
};
