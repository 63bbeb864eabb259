/** Changing fields of a YAML file without touching anything else in it, comments included. */
import { carryOut } from '../../yaml/carry-out.ts';
import { getIn, isObject, type Json, toPointer } from '../../yaml/json.ts';
import type { Operation } from '../../yaml/json-patch.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { CommandError } from '../io.ts';

/** A YAML file as it is edited. */
export class TextFile {
  /** For messages. */
  readonly name: string;
  #text: string;

  constructor(name: string, text: string) {
    this.name = name;
    this.#text = text;
    const { json } = parseYaml(text);
    if (isObject(json)) return;
    const what = json === undefined ? 'not well-formed YAML' : 'not a map';
    throw new CommandError(1, `${name} is ${what}`, 'fix it first');
  }

  get text(): string {
    return this.#text;
  }

  get json(): Json {
    return parseYaml(this.#text).json ?? null;
  }

  get(path: readonly (string | number)[]): Json | undefined {
    return getIn(this.json, path);
  }

  /** Gives a field a value; parents that are missing are made. */
  set(path: readonly (string | number)[], value: Json): void {
    const old = this.get(path);
    const parent = path.slice(0, -1);
    const above = this.get(parent);
    const hasPlace = path.length <= 1 || isObject(above) || Array.isArray(above);
    if (!hasPlace) this.set(parent, { [String(path.at(-1))]: value });
    else this.#apply({ op: old === undefined ? 'add' : 'replace', path: toPointer(path), value });
  }

  /** Takes a field away; nothing happens where there is none. */
  remove(path: readonly (string | number)[]): void {
    if (this.get(path) !== undefined) this.#apply({ op: 'remove', path: toPointer(path) });
  }

  /** Gives a comment that begins a line of this file another text. */
  replaceComment(comment: RegExp, text: string): void {
    this.#text = this.#text.replace(comment, () => text);
  }

  #apply(operation: Operation): void {
    this.#text = carryOut(parseYaml(this.#text), [operation], 'yaml', parseYaml).text;
  }
}
