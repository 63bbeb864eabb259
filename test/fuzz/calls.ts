/** One call of the function, or of the checks, with damaged input, and what has to hold of whatever comes out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { runChecks } from '../../src/checks/index.ts';
import { PROBLEM_CODES } from '../../src/errors.ts';
import { main } from '../../src/protocol/command.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { inputsOf, resourceList } from '../support/function.ts';
import { type Documents, damagedText, damagedValue, type Mutation, mutation } from './mutations.ts';

const folder = join(packageRoot, 'test/cases');
const names = readdirSync(folder).sort();
const read = (name: string, file: string) => readFileSync(join(folder, name, file), 'utf8');

/** What one call gets. */
export interface Call {
  /** Of the golden case that is damaged. */
  name: string;
  damage: 'bytes' | 'text' | 'value';
  target: 'config' | 'input' | 'list' | 'checks';
  mutations: readonly Mutation[];
  bytes: Uint8Array;
}

export const call: fc.Arbitrary<Call> = fc.record({
  name: fc.constantFrom(...names),
  // Random bytes alone come no further than the first reader.
  damage: fc.constantFrom<Call['damage']>(
    'bytes',
    'text',
    'text',
    'text',
    'value',
    'value',
    'value',
    'value',
  ),
  target: fc.constantFrom<Call['target']>(
    'config',
    'config',
    'input',
    'input',
    'input',
    'list',
    'checks',
  ),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }),
  bytes: fc.uint8Array({ maxLength: 200 }),
});

/** YAML or JSON, as it was. */
const documents: Documents = {
  read: (text) => {
    try {
      return parse(text, { logLevel: 'silent', maxAliasCount: 100 });
    } catch {
      return undefined;
    }
  },
  print: (value, before) =>
    before.trimStart().startsWith('{') ? JSON.stringify(value, null, 2) : stringify(value),
};

function damaged(text: string, { damage, mutations, bytes }: Call): Buffer {
  if (damage === 'text') return Buffer.from(damagedText(text, mutations));
  if (damage === 'bytes') {
    const whole = Buffer.from(text);
    const place = (mutations[0]?.at ?? 0) % (whole.length + 1);
    return Buffer.concat([whole.subarray(0, place), bytes, whole.subarray(place)]);
  }
  const values = parseAllDocuments(text, { logLevel: 'silent' });
  const list: unknown[] = [];
  for (const document of Array.isArray(values) ? values : [])
    try {
      list.push(document.toJS());
    } catch {
      // One that cannot be read is left out.
    }
  const all = mutations.reduce<unknown>((value, one) => damagedValue(value, one, documents), list);
  const kept = Array.isArray(all) ? all : [all];
  return Buffer.from(kept.map((one) => `---\n${stringify(one)}`).join(''));
}

/** The longest that one call may take, in milliseconds, on a machine that has other things to do. */
const LONGEST = 20_000;

/** Throws where something does not hold. */
export function check(one: Call): void {
  const config = read(one.name, 'config.yaml');
  const input = read(one.name, 'input.yaml');
  const start = performance.now();
  if (one.target === 'checks') runChecks(surfaceOf(splitDocuments(damaged(input, one))));
  else judge(outcomeOf(one, config, input), one.target === 'list');
  const took = performance.now() - start;
  if (took > LONGEST) throw new Error(`it took ${Math.round(took)} ms`);
}

function outcomeOf(one: Call, config: string, input: string) {
  if (one.target === 'list') return main([], inputsOf(damaged(resourceList(config, input), one)));
  const given = one.target === 'config' ? damaged(config, one) : Buffer.from(config);
  const stdin = one.target === 'input' ? damaged(input, one) : Buffer.from(input);
  return main(
    ['config.yaml'],
    inputsOf(stdin, () => given),
  );
}

/** The first line of a problem. */
const TITLE = /^(?:error|warning): .* \[([\w-]+)\]$/;

function judge({ stdout, stderr, status }: ReturnType<typeof main>, isList: boolean): void {
  const fail = (what: string) => {
    throw new Error(`${what}\n${stderr.slice(0, 2000)}`);
  };
  if (status !== 0 && status !== 1) fail(`status ${status}`);
  const titles = stderr.split('\n').filter((line) => /^\S/.test(line));
  for (const title of titles) {
    const code = TITLE.exec(title)?.[1];
    if (code === undefined || !Object.hasOwn(PROBLEM_CODES, code)) fail(`no code: ${title}`);
    if (code === 'internal') fail('a mistake of this program');
  }
  if (/^ +at .*(?:\.ts|\.js|node:|<anonymous>)/m.test(stderr)) fail('a stack trace');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what may not be in a message.
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(stderr)) fail('a control character');
  if (status === 1 && !titles.some((line) => line.startsWith('error: ')))
    fail('status 1, no error');
  if (status === 1 && !isList && stdout.length > 0) fail('something on standard output');
}
