/** A YAML or JSON document that stands as a string inside a ConfigMap. */
import { isObject, type Json } from '../json.ts';
import { type ParsedYaml, parseYaml, type SyntaxProblem } from '../yaml.ts';
import { maskTemplates, unmaskTemplates } from './go-templates.ts';
import type { Language } from './print.ts';

export class EmbeddedDocument {
  readonly key: string;
  readonly language: Language;
  text: string;
  #parsed: ParsedYaml | undefined;

  constructor(key: string, text: string) {
    this.key = key;
    this.language = key.toLowerCase().endsWith('.json') ? 'json' : 'yaml';
    this.text = text;
  }

  get parsed(): ParsedYaml {
    this.#parsed ??= this.language === 'json' ? parseJson(this.text) : parseTemplated(this.text);
    return this.#parsed;
  }

  get json(): Json | undefined {
    return this.parsed.json;
  }

  /** The first syntax problem, without any text of the document. */
  get problem(): SyntaxProblem | undefined {
    return this.parsed.problems[0];
  }

  /** Takes over a text that was edited. */
  update(text: string): void {
    this.text = text;
    this.#parsed = undefined;
  }
}

/** Strict JSON, with the YAML reader's positions: every JSON text is YAML too. */
function parseJson(text: string): ParsedYaml {
  const parsed = parseYaml(text);
  try {
    return { ...parsed, json: JSON.parse(text) as Json, problems: parsed.problems };
  } catch {
    const found = parsed.problems[0] ?? { line: 1, column: 1 };
    return { ...parsed, json: undefined, problems: [{ ...found, what: 'not strict JSON' }] };
  }
}

/** YAML that may hold Go template expressions, which are not YAML everywhere that configs use them. */
function parseTemplated(text: string): ParsedYaml {
  if (!text.includes('{{')) return parseYaml(text);
  const { masked, templates } = maskTemplates(text);
  const parsed = parseYaml(masked);
  const json = unmaskTemplates(parsed.json, templates);
  return { ...parsed, text, json };
}

/** The value of a key at the top of a document. */
export function topLevel(document: EmbeddedDocument, key: string): Json | undefined {
  return isObject(document.json) && Object.hasOwn(document.json, key)
    ? document.json[key]
    : undefined;
}
