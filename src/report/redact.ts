/**
 * What is never shown: values of Secrets, wherever a Secret is written down, private keys, and values whose key says that they are
 * credentials.
 */
import type { Chunk } from '../manifests/chunk.ts';
import { resourcesOf } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { visit } from '../yaml/yaml.ts';

/** Stands where a value is left out. */
export const HIDDEN = '(not shown)';

const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** The end of a key: `password`, `dbPassword`, `AWS_SECRET_ACCESS_KEY`; not `secretName` or `tokenPath`, which name things. */
const CREDENTIAL =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?|(?:api|access|secret|private|signing|encryption|account|auth)[-_.]?key(?:[-_.]?id)?|dsn|connection[-_.]?string)';
const CREDENTIAL_KEY = new RegExp(`^[\\w.-]*${CREDENTIAL}$`, 'i');
/** A line `key: value` or `KEY=value`; the value may go on below, deeper. */
const CREDENTIAL_LINE = new RegExp(
  `^(\\s*(?:- +)*)(["']?[\\w.-]*${CREDENTIAL}["']?\\s*[:=](?:[ \\t]+|$|(?=\\S)))(\\S.*)?$`,
  'i',
);
/** The same among others on a line. */
const CREDENTIAL_IN_LINE = new RegExp(
  `(["']?\\b[\\w.-]*${CREDENTIAL}["']?\\s*[:=]\\s*)(?!(?:true|false)\\s*(?:[,}\\]]|$))("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s"',}\\]{[][^,}\\]\\n]*)`,
  'gi',
);
/** `automountServiceAccountToken: false` is a switch, not a token. */
const SWITCH = /^(?:true|false),?\s*$/;
/** A variable of a container, in YAML and in JSON. */
const VARIABLE_NAME = new RegExp(
  `["']?name["']?\\s*:\\s*["']?[\\w.-]*${CREDENTIAL}["']?\\s*,?\\s*$`,
  'i',
);
const VARIABLE_IN_LINE = new RegExp(
  `(["']?name["']?\\s*:\\s*["']?[\\w.-]*${CREDENTIAL}["']?\\s*,\\s*["']?value["']?\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|[^,}]*)`,
  'gi',
);
const VALUE_LINE = /^(\s*)(["']?value["']?\s*:[ \t]*)(\S.*)?$/;
/** `postgres://user:password@host`. */
const IN_URL = /(:\/\/[^/\s:@]*:)[^@\s/]+(?=@)/g;

/** A value at a path of a resource, fit to be shown. */
export function redact(kind: string, value: Json, path: readonly string[] = []): Json {
  const isHidden = kind === 'Secret' || (path.some(isCredential) && typeof value !== 'boolean');
  return isHidden ? HIDDEN : withoutCredentials(value);
}

/** A whole resource, fit to be shown: of a Secret its name and type are left. */
export function redactResource(resource: Json): Json {
  if (!isObject(resource) || resource['kind'] !== 'Secret') return withoutCredentials(resource);
  const { apiVersion = '', kind, metadata, type } = resource;
  const { name = '', namespace } = isObject(metadata) ? metadata : {};
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...(type === undefined ? {} : { type }),
    data: HIDDEN,
  };
}

/** Whether the text of a chunk may be shown at all: one that does not parse could hold anything. */
export function isShowable(chunk: Chunk): boolean {
  const { resources, problem } = resourcesOf(chunk);
  return !problem && resources.every(({ kind }) => kind !== 'Secret');
}

/** The text of a chunk that is showable, without texts in it that hold a Secret, and without credentials. */
export function redactChunk({ text, parsed }: Chunk): string {
  let shown = '';
  let end = 0;
  visit(parsed.document, {
    Scalar(_, { value, range }) {
      if (!range || range[0] < end || typeof value !== 'string' || !holdsSecret(value)) return;
      const lineEnd = /\r?\n?$/.exec(text.slice(range[0], range[1]))?.[0] ?? '';
      shown += text.slice(end, range[0]) + HIDDEN + lineEnd;
      end = range[1];
    },
  });
  return redactText(shown + text.slice(end));
}

/** A text without what is never shown. */
function redactText(text: string): string {
  const lines = text.replace(PRIVATE_KEY, HIDDEN).split('\n');
  let isVariable = false;
  /** Column of a key whose value goes on below it, and whether that is hidden as a whole. */
  let open: { column: number; isWhole: boolean } | undefined;
  const kept = lines.flatMap((line) => {
    const indent = line.search(/\S/);
    if (open && (indent < 0 || indent > open.column || isItemAt(line, open.column))) {
      if (open.isWhole) return [];
      // A value on the line below its key, or a list of values.
      if (indent >= 0 && !/[:=]/.test(line)) return [`${line.slice(0, indent)}${HIDDEN}`];
    } else open = undefined;
    const found = CREDENTIAL_LINE.exec(line) ?? (isVariable ? VALUE_LINE.exec(line) : null);
    isVariable = VARIABLE_NAME.test(line);
    const [, space = '', key = '', value = ''] = found ?? [];
    // What is a map or a list has keys of its own.
    if (!found || /^[{[]/.test(value)) return [redactLine(line)];
    open = { column: space.length, isWhole: value !== '' };
    return value === '' || SWITCH.test(value)
      ? [line]
      : [`${space}${key}${HIDDEN}${/,\s*$/.exec(value)?.[0] ?? ''}`];
  });
  return kept.join('\n');
}

/** The item of a list may stand below the very beginning of its key. */
function isItemAt(line: string, column: number): boolean {
  return line.search(/\S/) === column && /^\s*- /.test(line);
}

function redactLine(line: string): string {
  return line
    .replace(VARIABLE_IN_LINE, `$1${HIDDEN}`)
    .replace(CREDENTIAL_IN_LINE, `$1${HIDDEN}`)
    .replace(IN_URL, `$1${HIDDEN}`);
}

function isCredential(key: string): boolean {
  return CREDENTIAL_KEY.test(key);
}

/** Whether a text has manifests in it, and a Secret among them; what only mentions both words is left out too. */
function holdsSecret(text: string): boolean {
  return /\bkind\b/.test(text) && /\bSecret(?:List)?\b/.test(text);
}

function withoutCredentials(value: Json): Json {
  if (typeof value === 'string') return holdsSecret(value) ? HIDDEN : redactText(value);
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (!isObject(value)) return value;
  const { name } = value;
  const isVariable = typeof name === 'string' && isCredential(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isHidden = isCredential(key) || (isVariable && key === 'value');
      const isPlain = isObject(item) || typeof item === 'boolean';
      return [key, isHidden && !isPlain ? HIDDEN : withoutCredentials(item)];
    }),
  );
}
