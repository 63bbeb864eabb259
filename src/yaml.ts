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
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json } from './json.ts';

export { isAlias, isCollection, isMap, isPair, isScalar, isSeq, Scalar, visit };
export type { Document, Node, Pair, YAMLMap, YAMLSeq };

/** `yes`, `off` and their like are booleans to Kubernetes (YAML 1.1), strings to YAML 1.2. */
const yaml11Boolean: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (source) => /^(?:y|on)/i.test(source),
  identify: () => false,
};

const readOptions = {
  merge: true,
  uniqueKeys: true,
  keepSourceTokens: true,
  // 'silent' would also accept a second document without a word.
  logLevel: 'error',
  prettyErrors: false,
  customTags: (tags) => [yaml11Boolean, ...tags],
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
  /** Plain JSON view; undefined where there are syntax problems. */
  json: Json | undefined;
  problems: SyntaxProblem[];
}

/** Reads the one document in a text. More than one document is a syntax problem. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...readOptions, lineCounter: lines });
  const problems = document.errors.map((error): SyntaxProblem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { line, column: col, what: error.code.toLowerCase().replaceAll('_', ' ') };
  });
  if (problems.length > 0) return { text, document, json: undefined, problems };
  try {
    return { text, document, json: document.toJS() as Json, problems };
  } catch {
    // An alias without its anchor, or aliases that multiply beyond reason.
    return { text, document, json: undefined, problems: [{ line: 1, column: 1, what: 'bad alias' }] };
  }
}

/** How many documents with content a text has. */
export function countDocuments(text: string): number {
  const documents = parseAllDocuments(text, { ...readOptions, keepSourceTokens: false });
  return Array.isArray(documents)
    ? documents.filter((document) => document.contents !== null).length
    : 0;
}

/** Prints a value in block style, ending in a line feed. Strings that YAML 1.1 reads as booleans are quoted. */
export function printYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}
