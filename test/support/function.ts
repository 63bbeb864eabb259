/** The function called in each of its three protocols: in this process, or as the program that `$MA_FUNCTION` names. */
import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { type Inputs, main } from '../../src/protocol/command.ts';
import { folderWith } from './temporary.ts';

export interface FunctionResult {
  stdout: string;
  stderr: string;
  status: number;
}

/** `DomainConfig CONFIG` with documents on standard input. */
export function applyToStream(config: Buffer, input: Buffer): FunctionResult {
  return call(['config.yaml'], input, { 'config.yaml': config });
}

/** `DomainConfig CONFIG FILE`. */
export function applyToFile(config: Buffer, input: Buffer): FunctionResult {
  return call(['config.yaml', 'input.yaml'], Buffer.alloc(0), {
    'config.yaml': config,
    'input.yaml': input,
  });
}

/** `DomainConfig` with a ResourceList on standard input. */
export function applyToResourceList(config: Buffer, input: Buffer): FunctionResult {
  return call([], Buffer.from(resourceList(config.toString(), input.toString())), {});
}

/** A ResourceList as kustomize writes it: every document as an item, its lines indented, nothing else changed. */
export function resourceList(config: string, input: string): string {
  const items = splitDocuments(input).map((text) => `- ${indent(text)}`);
  return [
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n',
    items.length > 0 ? `items:\n${items.join('')}` : 'items: []\n',
    `functionConfig:\n  ${indent(splitDocuments(config)[0] ?? '')}`,
  ].join('');
}

/** The documents of a stream as plain values; integers keep every digit. Throws where one does not parse. */
export function parseStream(text: string): unknown[] {
  const documents = parseAllDocuments(text, { intAsBigInt: true, merge: true });
  if (!Array.isArray(documents)) return [];
  return documents
    .filter((document) => document.contents !== null)
    .map((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      return document.toJS();
    });
}

function call(
  words: string[],
  stdin: Buffer,
  files: Readonly<Record<string, Buffer>>,
): FunctionResult {
  const program = process.env.MA_FUNCTION;
  if (program !== undefined) return callProgram(program, words, stdin, files);
  const read = (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Error(`no such file: ${path}`);
    return content;
  };
  const { stdout, stderr, status } = main(words, inputsOf(stdin, read));
  return { stdout: Buffer.concat(stdout).toString(), stderr, status };
}

function callProgram(
  program: string,
  words: string[],
  input: Buffer,
  files: Readonly<Record<string, Buffer>>,
): FunctionResult {
  const options = { cwd: folderWith(files), input, maxBuffer: Number.POSITIVE_INFINITY };
  const { stdout, stderr, status, error } = spawnSync(program, words, options);
  if (error) throw error;
  return { stdout: stdout.toString(), stderr: stderr.toString(), status: status ?? -1 };
}

/** What a call reads, without a file system. */
export function inputsOf(
  stdin: Buffer,
  read: (path: string) => Buffer = () => Buffer.alloc(0),
): Inputs {
  const readStandardInput = () => stdin;
  return { isFromKustomize: false, readConfig: read, readManifests: read, readStandardInput };
}

/** The texts between document markers, without those that hold nothing but comments. */
function splitDocuments(text: string): string[] {
  return text
    .split(/^---(?:[ \t].*)?\r?\n/m)
    .filter((part) => /^[^\s#]/m.test(part))
    .map((part) => (part.endsWith('\n') ? part : `${part}\n`));
}

function indent(text: string): string {
  return text.replace(/(?<=\n)(?=[^\r\n])/g, '  ');
}
