/**
 * The last texts that were read or printed, with what came of them. Of many environments in one process most of what the base has is the same
 * in each, and a kustomization is looked at for several reasons; reading and printing YAML is what costs the most.
 */
import type { Json } from './json.ts';
import { type ParsedYaml, parseYaml, printYaml } from './yaml.ts';

/** Characters of all texts that one function remembers. What is kept of a text that was read takes thirty times its room. */
const MOST_CHARACTERS = 1_000_000;

/**
 * The same function, which gives the answer that it gave before to a text that it was asked for lately. When there is no room for a new text, the
 * ones that were asked for longest ago go. Callers share an answer: it may not be changed.
 */
function rememberLately<Answer>(make: (text: string) => Answer): (text: string) => Answer {
  /** In the order in which they were last asked for. */
  const known = new Map<string, { answer: Answer }>();
  let characters = 0;
  const forget = (text: string) => {
    if (known.delete(text)) characters -= text.length;
  };
  return (text) => {
    const { answer } = known.get(text) ?? { answer: make(text) };
    if (text.length > MOST_CHARACTERS) return answer;
    forget(text);
    known.set(text, { answer });
    characters += text.length;
    for (const oldest of known.keys()) {
      if (characters <= MOST_CHARACTERS) break;
      forget(oldest);
    }
    return answer;
  };
}

/** The same for a reader; nobody can change the JSON that it gives. */
export function rememberReading(read: (text: string) => ParsedYaml): (text: string) => ParsedYaml {
  return rememberLately((text) => {
    const parsed = read(text);
    freeze(parsed.json);
    return parsed;
  });
}

function freeze(json: Json | undefined): void {
  if (typeof json !== 'object' || json === null || Object.isFrozen(json)) return;
  Object.freeze(json);
  for (const value of Object.values(json)) freeze(value);
}

/** `parseYaml` for texts that may come again. */
export const parseYamlOnce = rememberReading(parseYaml);

const printJsonOnce = rememberLately((text) => printYaml(JSON.parse(text)));

/** `printYaml` for a value that may come again. */
export function printYamlOnce(value: Json): string {
  return printJsonOnce(JSON.stringify(value));
}
