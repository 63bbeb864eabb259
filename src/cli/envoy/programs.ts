/**
 * Programs inside of a config: scripts and modules that Envoy runs, in `--mode validate` as well. A Lua script may do there whatever Envoy
 * may (tried with 1.40), so that nothing of the kind is handed over.
 */
import type { JsonObject } from '../../yaml/json.ts';
import { typesOf } from './file-fields.ts';

/** What keeps a part of the config from being judged: a file that is not here, or a program. */
export class LostPart extends Error {
  readonly what: string;
  constructor(what: string) {
    super(what);
    this.what = what;
  }
}

interface Program {
  what: string;
  /** The same message with a program that does nothing; undefined where there is not one. */
  without: JsonObject | undefined;
}

const PROGRAMS = /lua|wasm|golang|dynamic_?modules?/i;
const LUA_FILTER = /\.filters?\.http\.lua\./i;

/** What a message runs, by its type. */
export function programIn(message: JsonObject): Program | undefined {
  for (const type of typesOf(message)) {
    if (LUA_FILTER.test(type))
      return { what: 'the scripts of its Lua filters', without: withoutScript(message) };
    const [program] = PROGRAMS.exec(type) ?? [];
    if (program) return { what: `what it runs by ${program}`, without: undefined };
  }
  return undefined;
}

function withoutScript(filter: JsonObject): JsonObject {
  const types = Object.entries(filter).filter(([key]) => /^(?:@type|type_?url)$/i.test(key));
  const script: JsonObject = /PerRoute/.test(JSON.stringify(types))
    ? { disabled: true }
    : { default_source_code: { inline_string: '--' } };
  const isWrapped = types.length > 1;
  return { ...Object.fromEntries(types), ...(isWrapped ? { value: script } : script) };
}
