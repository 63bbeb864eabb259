/** What is printed anew says the same to Kubernetes' YAML readers: go-yaml v2 and v3, and sigs.k8s.io/yaml. */
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carryOut } from '../../src/yaml/carry-out.ts';
import { endLine } from '../../src/yaml/end-line.ts';
import { printBlock, printFlow, printScalar } from '../../src/yaml/print.ts';
import { type Node, parseYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';
import { printedStrings } from '../yaml/printed-strings.ts';
import { yamlReadersTool } from './tools.ts';

/** Enough for every run; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 1000);

/** What each reader says of each text. */
async function read(texts: readonly string[]): Promise<unknown[][]> {
  const { stdout } = await execa(yamlReadersTool.path, { input: JSON.stringify(texts) });
  return JSON.parse(stdout);
}

const characters = [...'?:-,[]{}#&*!|>\'"%@`~=<.+_0123456789eExXobntyTfaN \t\n\r\\/'];
const strange = ['\u0085', '\u2028', '\u2029', '\ufeff', '\u00a0', '\u0000', '\u007f', '😀', 'é'];
const numeric = [...'0123456789.:-+_eExobntT '];
const strings = [
  ...printedStrings.map(([value]) => value),
  ...fc.sample(
    fc.string({ unit: fc.constantFrom(...characters, ...strange), maxLength: 6 }),
    numRuns,
  ),
  ...fc.sample(fc.string({ unit: fc.constantFrom(...numeric), maxLength: 7 }), numRuns),
  ...fc
    .sample(fc.string({ unit: 'binary', maxLength: 5 }), numRuns)
    .filter((text) => !/\p{Cs}/u.test(text)),
];

const places: Record<string, [print: (value: string) => string, json: (value: string) => unknown]> =
  {
    'a value in a block': [
      (value) => `a: ${printScalar(value, 'yaml', false)}\nb: c\n`,
      (a) => ({ a, b: 'c' }),
    ],
    'an item in a block': [
      (value) => `- ${printScalar(value, 'yaml', false)}\n- c\n`,
      (item) => [item, 'c'],
    ],
    'a value in flow style': [
      (value) => printFlow({ a: value, b: 'c' }, 'yaml'),
      (a) => ({ a, b: 'c' }),
    ],
    'an item in flow style': [(value) => printFlow([value, value], 'yaml'), (item) => [item, item]],
    'a key in flow style': [
      (value) => printFlow({ [value]: 'x' }, 'yaml'),
      (key) => ({ [key]: 'x' }),
    ],
    'a tree in block style': [
      (value) => `a:\n  - ${printBlock({ k: [value, { [value]: value }] }, 4, '\n')}\nb: c\n`,
      (value) => ({ a: [{ k: [value, { [value]: value }] }], b: 'c' }),
    ],
    'a tree in CRLF': [
      (value) =>
        `a:\r\n  - ${printBlock({ k: [value, { [value]: value }] }, 4, '\r\n')}\r\nb: c\r\n`,
      (value) => ({ a: [{ k: [value, { [value]: value }] }], b: 'c' }),
    ],
    'a literal block, written anew': [
      (value) => written('a: |\n  x\nb: c\n', value),
      (a) => ({ a, b: 'c' }),
    ],
    'single quotes, written anew': [
      (value) => written("a: 'x'\nb: c\n", value),
      (a) => ({ a, b: 'c' }),
    ],
    'the end of a text': [(value) => written('b: c\na: |\n  x', value), (a) => ({ a, b: 'c' })],
  };

function written(text: string, value: string): string {
  return carryOut(parseYaml(text), [{ op: 'replace', path: '/a', value }], 'yaml', parseYaml).text;
}

for (const [place, [print, json]] of Object.entries(places))
  test(`strings in ${place}`, async () => {
    const answers = await read(strings.map(print));
    for (const [index, value] of strings.entries())
      for (const answer of answers[index] ?? [])
        assert.equal(answer, json(value), `${JSON.stringify(value)} as\n${print(value)}`);
  });

test('what follows a block scalar changes none of its lines', async () => {
  const ends = [
    '',
    '\n',
    '\n ',
    '\n  ',
    '\n   ',
    '\n\n',
    '\n\n  ',
    '\n  \n    ',
    '\r',
    '\r\n  ',
    '\n#c',
  ];
  const texts = ['|', '|+', '|-', '>', '>+', '>-', '>+ # c'].flatMap((header) =>
    ['x', 'x\n  y', 'x\n\n  y', '\n  x', 'x\n    y', ''].flatMap((lines) =>
      ends.map((end) => `a: ${header}\n  ${lines}${end}`),
    ),
  );
  const followed = texts.map(
    (text) => `${endLine(text, parseYaml(text).document.contents as Node)}---\nb: 1\n`,
  );
  const [before, after] = [await read(texts), await read(followed)];
  // The last of the readers takes one document only.
  for (const [index, text] of texts.entries())
    assert.equal(after[index]?.[1], before[index]?.[1], JSON.stringify(text));
});

test.run();
