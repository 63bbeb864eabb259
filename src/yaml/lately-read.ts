/**
 * What texts say that come again: of many environments in one process, most of what the base has is the same in each, and reading YAML is
 * what costs the most.
 */
import type { Json } from './json.ts';
import { type ParsedYaml, parseYaml } from './yaml.ts';

/** Characters of all texts that are remembered at a time. What is kept of a text that came twice takes thirty times its room. */
const MOST_CHARACTERS = 1_000_000;

type Read = (text: string) => ParsedYaml;

/**
 * A reader that reads a text once more when it comes for the second time, and gives the same answer from then on: nothing is kept of texts
 * that come once. Nobody may change an answer; its JSON is frozen.
 */
export function rememberLately(read: Read): Read {
  /** The text that came longest ago first; without an answer where it came once. */
  const known = new Map<string, ParsedYaml | undefined>();
  let characters = 0;
  return (text) => {
    const isKnown = known.has(text);
    const parsed = known.get(text) ?? read(text);
    if (text.length > MOST_CHARACTERS) return parsed;
    if (!isKnown) characters += text.length;
    else if (!known.get(text)) freeze(parsed.json);
    known.delete(text);
    known.set(text, isKnown ? parsed : undefined);
    for (const oldest of known.keys()) {
      if (characters <= MOST_CHARACTERS) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
    return parsed;
  };
}

function freeze(json: Json | undefined): void {
  if (typeof json !== 'object' || json === null || Object.isFrozen(json)) return;
  Object.freeze(json);
  for (const value of Object.values(json)) freeze(value);
}

/** `parseYaml` for texts that may come again. */
export const parseYamlOnce = rememberLately(parseYaml);
