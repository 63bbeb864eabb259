/** Random operations that fit a JSON value, for properties of the editor. */

import { isObject, type Json, toPointer } from '../../src/yaml/json.ts';
import type { Operation } from '../../src/yaml/json-patch.ts';
import fc from '../support/fast-check.ts';

const strings = fc.oneof(
  fc.constantFrom(
    'api.ml.example.com:443',
    'yes',
    '0o7',
    '1',
    'null',
    '~',
    '',
    ' ',
    'a: b',
    'a, b',
    'a # b',
    '# a',
    '{a}',
    '[a]',
    '*.example.com',
    '&a',
    '!a',
    '- a',
    '?',
    ':',
    'a:',
    '{{.X}}',
    'x {{ "y" }} z',
    '${A:b}',
    "it's",
    '"',
    'tab\there',
    'line\nline',
    'line\n',
    '\nline',
    ' lead\nline\n\n',
    'a\n\n  b\n',
    '---',
    '...',
    '<<',
    '=',
    '\u2028',
    '\u0085',
    '\ufeff',
    '😀',
    '\r\n',
    '1:30',
    '2001-01-01',
    '0x1f',
    '.5',
    '1_000',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 12 }),
);

export const randomScalar: fc.Arbitrary<Json> = fc.oneof(
  strings,
  fc.integer({ min: -1000, max: 70000 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, 1e21, 9007199254740991),
);

const newKeys = fc.constantFrom(
  'new',
  'new2',
  'yes',
  '1',
  'a b',
  'x: y',
  'x/y',
  '{{.N}}',
  '#',
  'é',
  '<<x',
);

export const randomValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json; list: Json; map: Json }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 2, withCrossShrink: true }, randomScalar, tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(newKeys, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  }),
).value;

/** Every path in a value but the root. */
export function pathsOf(json: Json | undefined, path: readonly string[] = []): string[][] {
  const entries: [string, Json][] = Array.isArray(json)
    ? json.map((item, index) => [String(index), item])
    : isObject(json)
      ? Object.entries(json)
      : [];
  return entries.flatMap(([key, value]) => [[...path, key], ...pathsOf(value, [...path, key])]);
}

/** A choice that becomes an operation once the JSON is known. */
export interface Choice {
  kind: 'replace' | 'add' | 'remove' | 'insert';
  place: number;
  position: number;
  key: string;
  value: Json;
}

export const randomChoice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom(
    'replace' as const,
    'replace' as const,
    'add' as const,
    'remove' as const,
    'insert' as const,
  ),
  place: fc.nat(1000),
  position: fc.nat(10),
  key: newKeys,
  value: fc.oneof(randomScalar, randomValue),
});

/** The operation that a choice means for a value; undefined where there is no place for it. */
export function toOperation(json: Json | undefined, choice: Choice): Operation | undefined {
  const { kind, value, place } = choice;
  const isContainer = kind === 'add' ? isObject : Array.isArray;
  const all = pathsOf(json);
  const paths =
    kind === 'add' || kind === 'insert'
      ? [[], ...all].filter((path) => isContainer(at(json, path)))
      : all;
  const path = paths[place % Math.max(1, paths.length)];
  if (!path) return undefined;
  if (kind === 'replace') return { op: 'replace', path: toPointer(path), value };
  if (kind === 'remove') return { op: 'remove', path: toPointer(path) };
  if (kind === 'add') return { op: 'add', path: toPointer([...path, choice.key]), value };
  const list = at(json, path) as Json[];
  const index = choice.position > list.length ? '-' : String(choice.position);
  return { op: 'add', path: toPointer([...path, index]), value };
}

function at(json: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) =>
      Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined,
    json,
  );
}
