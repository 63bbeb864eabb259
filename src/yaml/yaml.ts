/**
 * The one door to the `yaml` library: how Kubernetes' YAML is read, and how new pieces are printed.
 *
 * Reading follows sigs.k8s.io/yaml, which Kubernetes and kustomize use: YAML 1.1 booleans and merge keys on top of the
 * YAML 1.2 core schema. Integers beyond 2^53 lose digits in the JSON view only: edits are spliced into the source text,
 * so that nothing is ever printed from that view.
 */
import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  parseDocument,
  Scalar,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { resolveAliases, type Shared } from './aliases.ts';
import { DEEPEST, type Json } from './json.ts';
import { needsQuotes, printDoubleQuoted } from './plain.ts';

// With one of these set the library prints every token that it reads, those of Secrets too. It looks whenever it reads.
delete process.env['LOG_STREAM'];
delete process.env['LOG_TOKENS'];

export type { Document, Node, Pair, YAMLMap, YAMLSeq };
export { isAlias, isCollection, isMap, isScalar, isSeq, Scalar, visit };

/** `yes`, `off` and their like are booleans to Kubernetes (YAML 1.1), strings to YAML 1.2. */
const yaml11Boolean: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (source) => /^(?:y|on)/i.test(source),
  identify: () => false,
};

/**
 * A number that a float64 cannot hold is a string to Kubernetes' readers: `61e9540`, as commits are abbreviated, or `1e400`.
 *
 * Source: go-yaml's `resolve`, which takes what `strconv.ParseFloat` refuses for a string.
 */
function withinRange(tag: Tags[number]): Tags[number] {
  if (typeof tag !== 'object' || tag.collection || !/:(?:int|float)$/.test(tag.tag)) return tag;
  const resolve: ScalarTag['resolve'] = (source, ...rest) => {
    const read = tag.resolve(source, ...rest);
    const isInfinite = Math.abs(Number(isScalar(read) ? read.value : read)) === Infinity;
    return isInfinite && !/inf/i.test(source) ? source : read;
  };
  return { ...tag, resolve };
}

const readOptions = {
  merge: true,
  // The library compares every key with all before it.
  uniqueKeys: false,
  keepSourceTokens: true,
  // 'silent' would also accept a second document without a word.
  logLevel: 'error',
  prettyErrors: false,
  // `!!binary` and `!!timestamp` stay the text that they are: the view is plain JSON.
  resolveKnownTags: false,
  customTags: (tags) => [yaml11Boolean, ...tags.map(withinRange)],
} satisfies Parameters<typeof parseDocument>[1];

/** A syntax error with its place; it never quotes the text it was found in. */
export interface SyntaxProblem {
  /** Both count from 1. */
  line: number;
  column: number;
  /** The library's code in words: `duplicate key`, `bad indent`. */
  what: string;
}

/** One YAML document with what is needed to edit its text. */
export interface ParsedYaml {
  text: string;
  document: Document.Parsed;
  shared: Shared;
  /** Plain JSON view; undefined where there are syntax problems. */
  json: Json | undefined;
  problems: SyntaxProblem[];
}

/** As `kubectl get -o json` and jq print them; a YAML reader takes the first one only. */
const JSON_IN_A_ROW = /^\s*\{[\s\S]*\}\s*\{[\s\S]*\}\s*$/;

const TOO_DEEP = `more than ${DEEPEST} levels of nesting`;

/** The library's codes that say nothing to a reader of messages. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['RESOURCE_EXHAUSTION', TOO_DEEP],
  ['TAB_AS_INDENT', 'a tab, where YAML wants spaces'],
]);

const REPEATED_KEY = 'duplicate key';

/** What is wrong with a text whose lines end as they did before Unix. */
export const CARRIAGE_RETURN = 'a carriage return alone as line end';

/** `yes` and `off` are texts in a config: kustomize, which reads it first, takes them for nothing else. */
const configOptions = {
  ...readOptions,
  customTags: (tags: Tags) => tags.map(withinRange),
} satisfies Parameters<typeof parseDocument>[1];

/** Reads a config, which may stand in another document. */
export function parseConfigYaml(text: string): ParsedYaml {
  return parseWith(configOptions, text);
}

/** Reads the one document in a text. More than one document is a syntax problem. */
export function parseYaml(text: string): ParsedYaml {
  return parseWith(readOptions, text);
}

function parseWith(options: typeof readOptions | typeof configOptions, text: string): ParsedYaml {
  // The library takes a list after a byte order mark for an error. A blank line in its place moves nothing.
  const document = parseDocument(text.replace(/^\ufeff/, '\n'), options);
  const tooDeep = tooDeepIn(document);
  const faults = [
    ...document.errors.map(({ code, pos }) => ({
      what: WORDS.get(code) ?? code.toLowerCase().replaceAll('_', ' '),
      position: pos[0],
    })),
    ...(tooDeep === undefined ? repeatedKeys(document.contents) : []).map((position) => ({
      what: REPEATED_KEY,
      position,
    })),
    ...(tooDeep === undefined ? [] : [{ what: TOO_DEEP, position: tooDeep }]),
  ].sort((left, right) => left.position - right.position);
  const place = placesIn(text);
  const problems = withoutConsequences(faults).map(
    ({ what, position }): SyntaxProblem => ({ ...place(position), what }),
  );
  if (problems[0] && JSON_IN_A_ROW.test(text))
    problems[0].what =
      'several JSON objects in a row: put `---` between them, or make them items of a List';
  // A line end to YAML and to Kubernetes' readers, but not to the library.
  const carriageReturn = text.search(/\r(?!\n|$)/);
  if (carriageReturn >= 0) problems.unshift({ ...place(carriageReturn), what: CARRIAGE_RETURN });
  // Whatever walks through the rest of it would need more stack than there may be.
  const contents = tooDeep === undefined ? document.contents : null;
  if (!/[\r\n]$/.test(text)) endAsWritten(contents, text);
  const { shared, fault } = resolveAliases(contents);
  if (fault) problems.push({ ...place(fault.position), what: fault.what });
  const merge = shared.hasMerges && !fault ? mergeOfOther(document) : undefined;
  if (merge !== undefined)
    problems.push({ ...place(merge), what: 'a merge of something that is not a map' });
  const json = problems.length > 0 ? undefined : (document.toJS() as Json);
  return { text, document, shared, json, problems };
}

/** One mistake makes the reader stumble again and again. A repeated key alone leaves the rest as it is. */
function withoutConsequences<F extends { what: string }>(faults: readonly F[]): readonly F[] {
  const first = faults.findIndex(({ what }) => what !== REPEATED_KEY);
  return first < 0 ? faults : faults.slice(0, first + 1);
}

/** The position of the first node below the deepest level; it walks without a frame for each level. */
function tooDeepIn({ contents }: Document): number | undefined {
  let level: unknown[] = [contents];
  for (let depth = 0; level.length > 0; depth += 1) {
    const [first] = level;
    if (depth > DEEPEST) return isNode(first) ? (first.range?.[0] ?? 0) : 0;
    const next: unknown[] = [];
    for (const node of level)
      if (isCollection(node))
        for (const item of node.items)
          if (!isPair(item)) next.push(item);
          else next.push(item.key, item.value);
    level = next;
  }
  return undefined;
}

/**
 * A block scalar that the end of the text ends has no line end there: to Kubernetes' readers `|` and `|+` are then what `|-` is. The
 * library gives it one.
 */
function endAsWritten(node: unknown, text: string): void {
  if (isPair(node)) endAsWritten(node.value, text);
  if (isCollection(node)) endAsWritten(node.items.at(-1), text);
  if (!isScalar(node) || !/^BLOCK/.test(node.type ?? '') || node.range?.[1] !== text.length) return;
  const value = String(node.value);
  const lines = text.slice(node.range[0]).split('\n');
  const [written, read] = [lines.slice(1), value.split('\n')].map(leadOf) as [number, number];
  // A last line that is all indentation is part of nothing.
  if (/^\n+$/.test(value)) node.value = '\n'.repeat(lines.length - 2);
  else if (value.endsWith('\n') && lines.at(-1)?.slice(written - read))
    node.value = value.slice(0, -1);
}

/** How many spaces the first line with content begins with. */
function leadOf(lines: readonly string[]): number {
  return lines.find((line) => line.trim() !== '')?.search(/[^ ]/) ?? 0;
}

/**
 * Where a merge takes in something that is neither a map nor a list of maps: the library would throw.
 *
 * Source: go-yaml's `merge`, which wants a map, an alias of one, or a list of them.
 */
function mergeOfOther(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || typeof key.value !== 'symbol') return undefined;
      const sources = isSeq(value) ? value.items : [value];
      if (sources.every((source) => isMap(isAlias(source) ? source.resolve(document) : source)))
        return undefined;
      found = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

/** Where each key stands that its map has already. */
function repeatedKeys(root: unknown): number[] {
  const positions: number[] = [];
  const look = (node: unknown): void => {
    if (!isCollection(node)) return;
    const seen = new Set<unknown>();
    for (const item of node.items) {
      if (!isPair(item)) {
        look(item);
        continue;
      }
      const { key, value } = item;
      if (isScalar(key)) {
        if (seen.has(key.value)) positions.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
      look(key);
      look(value);
    }
  };
  look(root);
  return positions;
}

/** Line and column of a position, as people count them: from 1. */
export interface TextPlace {
  line: number;
  column: number;
}

/** The text of which a place was asked for last: findings and warnings come one after the other. */
let lastPlaced: { text: string; placeOf: (position: number) => TextPlace } | undefined;

/** Lines are counted once for all positions of a text that are asked for in a row. */
export function placeAt(text: string, position: number): TextPlace {
  if (lastPlaced?.text !== text) lastPlaced = { text, placeOf: placesIn(text) };
  return lastPlaced.placeOf(position);
}

/** The same for many positions of one text. */
function placesIn(text: string): (position: number) => TextPlace {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
    counter.addNewLine(end + 1);
  return (position) => {
    const { line, col } = counter.linePos(position);
    return { line, column: col };
  };
}

/** How many documents with content a text has. */
export function countDocuments(text: string): number {
  const options = { ...readOptions, keepSourceTokens: false, uniqueKeys: false };
  const documents = parseAllDocuments(text, options);
  return [...documents].filter((document) => document.contents !== null).length;
}

/** A scalar that is printed as it was written: `12345678901234567890`, `0o777`, `yes`. */
export class WrittenScalar {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/**
 * What `read` makes of a document whose numbers, booleans and nulls are `WrittenScalar`s for as long as it reads: for copies of
 * parts, because the JSON view has lost how they were written, and of big integers some digits.
 */
export function readAsWritten<T>(document: Document.Parsed, read: () => T): T {
  const changed: { node: Scalar; value: unknown }[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value === 'string' || node.type !== Scalar.PLAIN) return;
      changed.push({ node, value: node.value });
      node.value = new WrittenScalar(node.source || 'null');
    },
  });
  try {
    return read();
  } finally {
    for (const { node, value } of changed) node.value = value;
  }
}

const writtenScalar: ScalarTag = {
  tag: '!written',
  default: true,
  identify: (value) => value instanceof WrittenScalar,
  resolve: (source) => source,
  stringify: ({ value }) => (value as WrittenScalar).source,
};

/** Strings of several lines that read back from a literal block without a chomping or an indentation indicator. */
const SIMPLE_LINES =
  /^[^\s#\p{C}\u2028\u2029](?:[^\p{C}\u2028\u2029]|[\t\n])*[^\s\p{C}\u2028\u2029]\n?$/u;

/**
 * Prints a value in block style, ending in a line feed. Strings that YAML 1.1 reads as booleans are quoted; a literal block is
 * used only where its end does not depend on what follows it.
 * @param isFollowed - whether more text may follow at once: a literal block at the end would take a comment for its own
 */
export function printYaml(value: unknown, isFollowed = false): string {
  const document = new Document(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    customTags: (tags) => [writtenScalar, ...tags],
  });
  let last: Scalar | undefined;
  visit(document, {
    Scalar(_, node) {
      last = node;
      const { value } = node;
      if (typeof value !== 'string') return;
      if (value.includes('\n') ? !SIMPLE_LINES.test(value) : needsQuotes(value)) quote(node);
    },
  });
  if (isFollowed && typeof last?.value === 'string' && last.value.includes('\n')) quote(last);
  return document.toString({
    lineWidth: 0,
    directives: false,
  });
}

/** The library leaves characters in quotes as they are that some reader takes for a line end. */
function quote(node: Scalar): void {
  node.value = new WrittenScalar(printDoubleQuoted(String(node.value)));
}
