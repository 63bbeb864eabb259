/**
 * What comes again: of many environments in one process, most of what the base has is the same in each, and reading and printing YAML is
 * what costs the most.
 */
import type { Json } from './json.ts';
import { type ParsedYaml, parseYaml, printYaml } from './yaml.ts';

/** Characters of all texts that are remembered at a time. What is kept of a text that was read takes thirty times its room. */
const MOST_CHARACTERS = 1_000_000;

interface Remembering<Answer> {
  /** Called once with an answer that is kept. */
  keep?: (answer: Answer) => void;
  /** Whether every text comes again: then its first answer is kept. */
  comesAgain?: boolean;
}

/**
 * A function that makes its answer once more when a text comes for the second time, and gives the same one from then on: nothing is kept of
 * texts that come once. Nobody may change an answer.
 */
export function rememberLately<Answer>(
  make: (text: string) => Answer,
  { keep, comesAgain = false }: Remembering<Answer> = {},
): (text: string) => Answer {
  /** The text that came longest ago first; without an answer where it came once. */
  const known = new Map<string, { answer: Answer } | undefined>();
  let characters = 0;
  return (text) => {
    const isKnown = known.has(text);
    const kept = known.get(text);
    const answer = kept ? kept.answer : make(text);
    if (text.length > MOST_CHARACTERS) return answer;
    const isKept = isKnown || comesAgain;
    if (!isKnown) characters += text.length;
    if (isKept && !kept) keep?.(answer);
    known.delete(text);
    known.set(text, isKept ? { answer } : undefined);
    for (const oldest of known.keys()) {
      if (characters <= MOST_CHARACTERS) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
    return answer;
  };
}

/** The same for a reader: the JSON of an answer that is kept is frozen. */
export function rememberReading(
  read: (text: string) => ParsedYaml,
  comesAgain = false,
): (text: string) => ParsedYaml {
  return rememberLately(read, { keep: ({ json }) => freeze(json), comesAgain });
}

function freeze(json: Json | undefined): void {
  if (typeof json !== 'object' || json === null || Object.isFrozen(json)) return;
  Object.freeze(json);
  for (const value of Object.values(json)) freeze(value);
}

/** `parseYaml` for texts that may come again. */
export const parseYamlOnce = rememberReading(parseYaml);

/** `parseYaml` for the files of an environment, which more than one look is taken at: its kustomizations and its config. */
export const parseEnvironmentYaml = rememberReading(parseYaml, true);

const printJsonOnce = rememberLately((text) => printYaml(JSON.parse(text)));

/** `printYaml` for a value that may come again. */
export function printYamlOnce(value: Json): string {
  return printJsonOnce(JSON.stringify(value));
}
