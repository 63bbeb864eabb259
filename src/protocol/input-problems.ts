/** What can be wrong with a call besides what it is about. */
import { type Problem, printable, someOf } from '../errors.ts';
import { getIn, isObject, type Json } from '../yaml/json.ts';
import { encodingProblemOf } from '../yaml/utf8.ts';
import { parseYaml } from '../yaml/yaml.ts';

/** What came is something else. */
export const noResourceList: Problem = {
  code: 'input-protocol',
  severity: 'error',
  message: 'standard input is not a ResourceList',
  expected: 'kind ResourceList of config.kubernetes.io/v1 or v1beta1, in YAML or JSON',
  fix: 'call it as `DomainConfig CONFIG` to give it plain documents; `DomainConfig --help` shows every way',
};

/** A list without a config. */
export const noFunctionConfig: Problem = {
  code: 'config-missing',
  severity: 'error',
  message: 'the ResourceList has nothing as functionConfig',
  path: 'functionConfig',
  found: 'nothing',
  expected: 'a DomainConfig',
  fix: 'hand the DomainConfig over as functionConfig: kustomize does so for what `transformers` lists, kpt for `configPath`',
};

/**
 * More than the config, as kustomize passes it for a config with `argsOneLiner` or `argsFromFile`: who may write the config is not
 * asked which files of this machine may be read.
 */
export function moreArguments(words: readonly string[]): Problem {
  return {
    code: 'input-protocol',
    severity: 'error',
    message: 'kustomize passes more arguments than the config',
    found: someOf(words.map(printable), NAMES_SHOWN, ' '),
    expected: 'the config alone; the manifests come on standard input',
    fix: 'remove `argsOneLiner` and `argsFromFile`, from which kustomize makes them; nothing was read',
  };
}

const NAMES_SHOWN = 8;

/** Items that are no list, or not resources only. */
export function itemsProblem(list: Json | undefined): Problem | undefined {
  const items = getIn(list, ['items']) ?? [];
  const index = Array.isArray(items) ? items.findIndex((item) => !isObject(item)) : undefined;
  if (index === -1) return undefined;
  return {
    code: 'input-protocol',
    severity: 'error',
    message: 'the items of the ResourceList are not a list of resources',
    path: index === undefined ? 'items' : `items[${index}]`,
    found: typeName(index === undefined ? items : getIn(items, [index])),
    expected: 'a list of Kubernetes resources, each a map',
    fix: 'look at what wrote the list: the tool that calls the function, or the function before it',
  };
}

/** The type only: what stands there may be secret. */
function typeName(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'a map' : `a ${typeof value}`;
}

const UTF_16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * Bytes that are not strings in UTF-8, the one encoding in which Kubernetes reads YAML. Single bytes that are not valid pass: they may
 * stand in a resource that nobody has to read, and are found where one has to be.
 * @param name - the file that they come from; `-` is standard input
 */
export function encodingProblem(name: string, bytes: Buffer): Problem | undefined {
  const isUtf16 = UTF_16_MARKS.some((mark) => bytes.subarray(0, mark.length).equals(mark));
  if (!isUtf16 && !bytes.includes(0)) return undefined;
  return {
    code: 'input-protocol',
    severity: 'error',
    message: 'the input is not UTF-8 text',
    path: name === '-' ? 'standard input' : name,
    found: isUtf16 ? 'the byte order mark of UTF-16' : 'a NUL byte',
    expected: 'YAML documents in UTF-8',
    fix: isUtf16
      ? 'save it as UTF-8; in Windows PowerShell, `>` writes UTF-16: use `Out-File -Encoding utf8`'
      : 'give manifests only: this is a binary file, or one in UTF-16',
  };
}

/** A single byte that is not UTF-8 in a list that has to be read as a whole. */
export function strangeByte(bytes: Buffer): Problem | undefined {
  return atLine(encodingProblemOf(bytes), {
    message: 'the input is not UTF-8 text',
    expected: 'a ResourceList in UTF-8',
    fix: 'save the manifest that it comes from as UTF-8',
  });
}

/** What keeps a list from being read as one; undefined where it is no ResourceList at all. */
export function brokenList(bytes: Buffer): Problem | undefined {
  const text = bytes.toString('utf8');
  const [found] = /\bResourceList\b/.test(text) ? parseYaml(text).problems : [];
  return atLine(found, {
    message: 'the ResourceList is not well-formed YAML',
    expected: 'one ResourceList in YAML or JSON',
    fix: 'look at what wrote the list: the tool that calls the function, or the manifest that the line comes from',
  });
}

/** What was found at a line of standard input, with the words for it. */
function atLine(
  found: { line: number; column: number; what: string } | undefined,
  words: Pick<Problem, 'message' | 'expected' | 'fix'>,
): Problem | undefined {
  if (!found) return undefined;
  return {
    code: 'input-protocol',
    severity: 'error',
    path: `standard input, line ${found.line}, column ${found.column}`,
    found: found.what,
    ...words,
  };
}

/** What a call that threw says. Readers of JSON, of numbers and of expressions quote in a SyntaxError what they read. */
export function mistake(error: unknown): Problem {
  const { name = '', message = String(error) } = Object(error) as Partial<Error>;
  const limit = LIMITS.find(([words]) => words.test(`${name}: ${message}`))?.[1];
  return {
    code: 'internal',
    severity: 'error',
    message: `a mistake of this program: ${limit ?? (name === 'SyntaxError' ? name : message)}`,
    fix: 'report it with the shape of the manifest that it fails on; nothing was written',
  };
}

/** What engines say where they have no room left, in words that are the same for each. */
const LIMITS: readonly [RegExp, string][] = [
  [/^RangeError: Maximum call stack|^InternalError: stack overflow/, 'something nests too deeply'],
  [/^InternalError: out of memory/, 'there is not enough memory'],
];
