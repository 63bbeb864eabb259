/** How a document inside a ConfigMap tells which role it plays. */
import { findApi, type UpstreamHint } from '../envoy/api.ts';
import { endpointsOf, objectsIn } from '../envoy/bootstrap.ts';
import { kindOfFilter } from '../envoy/http-filters.ts';
import type { EmbeddedDocument } from '../manifests/embedded-document.ts';
import { isLoopback } from '../net/addresses.ts';
import { mayHideWords } from '../yaml/escapes.ts';
import { getIn, isObject, type Json, stringAt } from '../yaml/json.ts';
import type { DocumentRole } from './roles.ts';

/** What a document is told by. */
export interface PartDocument extends Pick<EmbeddedDocument, 'key' | 'language'> {
  json: Json | undefined;
}

/** Whether a document plays a role. */
export const DOCUMENT_TESTS: Readonly<
  Record<DocumentRole, (document: PartDocument, hint: () => UpstreamHint) => boolean>
> = {
  envoy: ({ json }, hint) => findApi(json, hint()).managers.length > 0,
  worker: (document) => {
    const worker = getIn(document.json, ['worker']);
    return isObject(worker) && Object.hasOwn(worker, 'address');
  },
  ui: (document) =>
    document.language === 'json' && getIn(document.json, ['apiBaseUrl']) !== undefined,
  'controller-manager': (document) => getIn(document.json, ['controllermgr']) !== undefined,
};

/** What stays with the filters of an Envoy that only ends TLS, or counts. */
const PASSING = ['router', 'health_check', 'grpc_stats', 'rbac', 'local_ratelimit'];

/**
 * Whether Envoy stands in a pod of the API server, in front of the program beside it, and passes gRPC on as it is: it ends TLS there, and
 * no page calls it.
 */
export function isBesideApi({ json }: PartDocument, hint: UpstreamHint): boolean {
  const { clusters, managers } = findApi(json, hint);
  const endpoints = clusters.flatMap((cluster) => endpointsOf(json, cluster));
  const filters = managers.flatMap(({ manager }) => objectsIn(manager, ['http_filters']));
  return (
    endpoints.length > 0 &&
    endpoints.every(({ value }) => isLoopback(stringAt(value, ['address']))) &&
    filters.every((filter) => PASSING.includes(kindOfFilter(filter)))
  );
}

/** A quick test of a text before it is parsed. Escapes may hide a word: then it passes. */
export function mentions(words: readonly string[]): (text: string) => boolean {
  return (text) => words.some((word) => text.includes(word)) || mayHideWords(text);
}

/** Whether a key of a ConfigMap stands for YAML or JSON: other files may hold anything. */
export function isDataFile(key: string): boolean {
  return /\.(?:ya?ml|json)$|^[^.]*$/i.test(key);
}

/**
 * Whether a text that does not parse has one of the words as a key of its top level: at the indentation of its first line, or,
 * in JSON, at the beginning of any line and between its outermost braces.
 */
export function declares(words: readonly string[]): (text: string) => boolean {
  return (text) => {
    const lines = text
      .split('\n')
      .filter((line) => /^\s*[^\s#]/.test(line) && !line.startsWith('---'));
    const isJson = lines[0]?.trimStart().startsWith('{') ?? false;
    const indent = indentOf(lines[0] ?? '');
    if (isJson && keysOfTopMap(text).some((key) => words.includes(key))) return true;
    return lines
      .filter((line) => isJson || indentOf(line) === indent)
      .some((line) => {
        const start = line.trimStart().replace(/^["'{ ]+/, '');
        return words.some(
          (word) => start.startsWith(word) && /^["']?\s*:/.test(start.slice(word.length)),
        );
      });
  };
}

/** The quoted keys between the outermost braces of JSON that may be broken. */
function keysOfTopMap(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, content, colon] of text.matchAll(/"((?:[^"\\\n]|\\.)*)"(\s*:)?|[{}[\]]/g)) {
    if (content !== undefined) {
      if (depth === 1 && colon) keys.push(content);
    } else depth += token === '{' || token === '[' ? 1 : -1;
  }
  return keys;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
