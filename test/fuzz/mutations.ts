/** Small damages to texts and values, each told by numbers, so that fast-check can make them fewer and smaller. */
import fc from 'fast-check';

/** A change at a place of a text or a value, both as numbers that are taken modulo what there is. */
export interface Mutation {
  kind: number;
  at: number;
  /** What comes there, or how far it goes. */
  with: number;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.nat(1000),
  at: fc.nat(1_000_000),
  with: fc.nat(1_000_000),
});

/** Words that readers of YAML, JSON, regular expressions, hosts, numbers and object keys may stumble over. */
const WORDS: readonly string[] = [
  ...[
    '',
    'null',
    '~',
    '[]',
    '{}',
    '[',
    '{',
    '}',
    ']',
    ': ',
    '- ',
    '? ',
    '#',
    '"',
    "'",
    '|',
    '>-',
    ',',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '!!binary ',
    '!x ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '\t',
    '\r',
    '\r\n',
    '\uFEFF',
  ],
  ...[
    '\0',
    '\u0085',
    '\u2028',
    '\uD800',
    '\u202E',
    '\u001B[31m',
    '\u{1F600}',
    'é',
    'xn--',
    '😀'.repeat(40),
  ],
  ...[
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    'valueOf',
    'length',
    '0',
    '-1',
    '01',
    '0x1F',
    '1e999',
    '.nan',
  ],
  ...[
    '9007199254740993',
    '-0',
    'true',
    'yes',
    '1:30',
    '2001-01-01',
    'NaN',
    '${X}',
    '$(X)',
    '{{ .X }}',
    '`id`',
  ],
  ...[
    'api.',
    '.example.com',
    '*.',
    'https://',
    'http://[::1',
    ':65536',
    ':-1',
    '//',
    '..',
    '../',
    '/dev/zero',
  ],
  ...[
    '(',
    ')',
    '(?=',
    '(?P<a>',
    '\\',
    '\\x',
    '[^',
    '.*',
    '{99999}',
    '(a+)+$',
    '\n',
    '\n\n  ',
    '    ',
    'a'.repeat(5000),
  ],
  ...[
    'kind: List\nitems: ',
    'kind: Secret\n',
    'DOMAIN_NOT_SET',
    '15566',
    'static_resources: ',
    'worker: {address: ',
  ],
];

const word = (number: number) => WORDS[number % WORDS.length] as string;

/** The damages to a text. */
const TEXTS: readonly ((lines: string[], mutation: Mutation) => void)[] = [
  (lines, { at }) => void lines.splice(at % lines.length, 1),
  (lines, { at, with: count }) => void lines.splice(at % lines.length, count % 20),
  (lines, { at, with: to }) =>
    void lines.splice(to % lines.length, 0, lines[at % lines.length] as string),
  (lines, { at, with: to }) => {
    const [line = ''] = lines.splice(at % lines.length, 1);
    lines.splice(to % (lines.length + 1), 0, line);
  },
  (lines, { at, with: width }) => change(lines, at, (line) => ' '.repeat(width % 12) + line),
  (lines, { at, with: width }) =>
    change(lines, at, (line) => line.slice(width % (line.length + 1))),
  (lines, { at, with: number }) =>
    change(lines, at, (line) => line.replace(/(:\s*|-\s+)\S.*$/, `$1${literal(word(number))}`)),
  (lines, { at, with: number }) =>
    change(lines, at, (line) => line.replace(/[\w.-]+(?=:)/, literal(word(number)))),
  (lines, { at, with: number }) =>
    change(lines, at, (line) => {
      const place = number % (line.length + 1);
      return line.slice(0, place) + word(number >> 4) + line.slice(place);
    }),
  (lines, { at, with: place }) =>
    change(lines, at, (line) => line.slice(0, place % (line.length + 1))),
  (lines, { at }) => void lines.splice(at % lines.length),
];

function change(lines: string[], at: number, how: (line: string) => string): void {
  const index = at % lines.length;
  lines[index] = how(lines[index] as string);
}

/** A replacement says what it says. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

export function damagedText(text: string, mutations: readonly Mutation[]): string {
  const lines = text.split('\n');
  for (const one of mutations) {
    if (lines.length === 0) return '';
    TEXTS[one.kind % TEXTS.length]?.(lines, one);
  }
  return lines.join('\n');
}

/** What comes in the place of a value; it stays well-formed. */
const VALUES: readonly ((old: unknown, mutation: Mutation) => unknown)[] = [
  () => null,
  () => [],
  () => ({}),
  () => true,
  (_, { with: number }) => number - 500_000,
  (_, { with: number }) => word(number),
  (old) => [old],
  (old) => [old, old],
  (old) => ({ x: old }),
  (old, { with: number }) => (typeof old === 'string' ? old + word(number) : String(old)),
  (old) => (typeof old === 'string' ? old.toUpperCase() : old),
  (old, { with: number }) => ({ ...Object(old), [word(number)]: old }),
];

/** The value with one node somewhere in it replaced, or gone; embedded documents are nodes of their own where they can be read. */
export function damagedValue(value: unknown, one: Mutation, documents: Documents): unknown {
  const nodes: { holder: Record<string, unknown>; key: string; depth: number }[] = [];
  const root: Record<string, unknown> = { value };
  const opened: (() => void)[] = [];
  const walk = (holder: Record<string, unknown>, key: string, depth: number) => {
    nodes.push({ holder, key, depth });
    const node = holder[key];
    if (depth > 40) return;
    if (typeof node === 'string' && node.includes('\n')) {
      const document = documents.read(node);
      if (typeof document === 'object' && document !== null) {
        const inner: Record<string, unknown> = { document };
        opened.push(() => {
          if (holder[key] === node && isChanged)
            holder[key] = documents.print(inner['document'], node);
        });
        walk(inner, 'document', depth + 1);
      }
    }
    if (typeof node === 'object' && node !== null)
      for (const below of Object.keys(node))
        walk(node as Record<string, unknown>, below, depth + 1);
  };
  let isChanged = false;
  walk(root, 'value', 0);
  const chosen = nodes[one.at % nodes.length];
  if (!chosen) return value;
  const { holder, key } = chosen;
  isChanged = true;
  if (one.kind % (VALUES.length + 1) === VALUES.length) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else holder[key] = VALUES[one.kind % (VALUES.length + 1)]?.(holder[key], one);
  for (const close of opened.reverse()) close();
  return root['value'];
}

/** How documents inside strings are read and printed. */
export interface Documents {
  /** Undefined where it is none. */
  read(text: string): unknown;
  print(value: unknown, before: string): string;
}
