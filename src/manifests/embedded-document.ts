/** A YAML or JSON document that stands as a string inside a ConfigMap. */
import { carryOut } from '../yaml/carry-out.ts';
import { parseTemplated } from '../yaml/go-templates.ts';
import type { Json } from '../yaml/json.ts';
import { jsonFault } from '../yaml/json-fault.ts';
import type { Operation } from '../yaml/json-patch.ts';
import { rememberReading } from '../yaml/lately-read.ts';
import type { Language } from '../yaml/print.ts';
import { type ParsedYaml, parseYaml, placeAt, type SyntaxProblem } from '../yaml/yaml.ts';

/** Read when it is first asked for, and written once for all edits. */
export class EmbeddedDocument {
  readonly key: string;
  readonly language: Language;
  #text: string;
  #parsed: ParsedYaml | undefined;
  /** What the document says with the edits that are pending. */
  #json: Json | undefined;
  /** Edits that the text does not have yet. */
  #pending: Operation[] = [];

  constructor(key: string, text: string) {
    this.key = key;
    this.language = key.toLowerCase().endsWith('.json') ? 'json' : 'yaml';
    this.#text = text;
  }

  /** The text as it was last written; edits that are pending are in `json` only. */
  get text(): string {
    return this.#text;
  }

  /** What the text says. */
  get parsed(): ParsedYaml {
    this.#parsed ??= (this.language === 'json' ? parseJsonOnce : parseTemplatedOnce)(this.#text);
    return this.#parsed;
  }

  get json(): Json | undefined {
    return this.isEdited ? this.#json : this.parsed.json;
  }

  /** The first syntax problem, without any text of the document. */
  get problem(): SyntaxProblem | undefined {
    return this.parsed.problems[0];
  }

  get isEdited(): boolean {
    return this.#pending.length > 0;
  }

  /** Reads a text in the language of this document. */
  readonly parse = (text: string): ParsedYaml =>
    this.language === 'json' ? parseJson(text) : parseTemplated(text);

  /** Takes over an edit, with what the document says then. */
  edit(operation: Operation, json: Json): void {
    this.#pending.push(operation);
    this.#json = json;
  }

  /** Writes the pending edits into the text, and returns it. */
  write(): string {
    this.#parsed = carryOut(this.parsed, this.#pending, this.language, this.parse, this.#json);
    this.#text = this.#parsed.text;
    this.#pending = [];
    return this.#text;
  }
}

/** Strict JSON. */
function parseJson(text: string): ParsedYaml {
  const parsed = parseYaml(text);
  const fault = jsonFault(text);
  if (fault === undefined)
    return { ...parsed, json: parsed.problems.length > 0 ? undefined : (JSON.parse(text) as Json) };
  const problems = [{ ...placeAt(text, fault), what: 'not strict JSON' }];
  return { ...parsed, json: undefined, problems };
}

const parseJsonOnce = rememberReading(parseJson);
const parseTemplatedOnce = rememberReading(parseTemplated);
