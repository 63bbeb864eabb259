/**
 * A KRM ResourceList: read in pieces where it is written as kustomize writes it, as a whole otherwise.
 *
 * Source: the KRM Functions Specification v1 (`items`, `functionConfig`, `results`).
 */
import {
  bySeverity,
  firstOfEachKind,
  type Problem,
  printed,
  type ResourceReference,
} from '../errors.ts';
import { Batch } from '../manifests/batch.ts';
import { ByteSearch } from '../manifests/byte-search.ts';
import { Chunk } from '../manifests/chunk.ts';
import { asText, getIn, isObject, type Json, toPointer } from '../yaml/json.ts';
import { parseConfigYaml, printYaml } from '../yaml/yaml.ts';
import { itemsProblem } from './input-problems.ts';

/** What the function reads of a list. */
export interface ResourceList {
  batch: Batch;
  functionConfig: Json | undefined;
  /** What is wrong with its items, if they cannot be looked at at all. */
  problem?: Problem | undefined;
}

/** Undefined where the bytes are no ResourceList of a version that the specification names. */
export function readResourceList(bytes: Buffer): ResourceList | undefined {
  return readInPieces(bytes) ?? readAsWhole(bytes);
}

function isResourceList(json: unknown): boolean {
  return (
    isObject(json) &&
    json['kind'] === 'ResourceList' &&
    /^config\.kubernetes\.io\/v1(?:alpha1|beta1)?$/.test(asText(json['apiVersion']))
  );
}

function readAsWhole(bytes: Buffer): ResourceList | undefined {
  const chunk = new Chunk(bytes);
  const { json } = chunk.parsed;
  if (!isResourceList(json)) return undefined;
  return {
    batch: new Batch('list', [chunk]),
    functionConfig: configIn(chunk.text, json),
    problem: itemsProblem(json),
  };
}

/** A line at column 0 that is none of what kustomize writes there: a key, an item, a comment. */
const OTHER_LINE = /^(?![A-Za-z \n#]|- |$)/m;
/** An item that is not a map in block style: seen as a whole, it is either one in another style or a mistake. */
const OTHER_ITEM = /^- (?!["']?[\w./-]+["']?:(?: |$)|[#{])/m;
const ANCHOR = /(?:^|[\s[{,])&[^\s&,\]}]/m;
const ALIAS = /(?:^|[\s[{,])\*[^\s*,\]}]/m;

/**
 * The quick way: keys and items at column 0, one item from each `- ` to the next. Carriage returns, a byte order mark, flow style,
 * results of an earlier function and aliases (whose anchor may stand in another item) take the slow way.
 */
function readInPieces(bytes: Buffer): ResourceList | undefined {
  const text = bytes.toString('latin1');
  if (!/^(?:---\n)?[A-Za-z]/.test(text) || !text.endsWith('\n') || /\r|^results:/m.test(text))
    return undefined;
  if (OTHER_ITEM.test(text)) return undefined;
  if (OTHER_LINE.test(text.replace(/^---\n/, '')) || (ANCHOR.test(text) && ALIAS.test(text)))
    return undefined;
  const starts = [...text.matchAll(/^(?:[A-Za-z]|- )/gm)].map((match) => match.index);
  if (starts[0] !== 0) starts.unshift(0);
  const search = new ByteSearch(bytes);
  const chunks = starts.map(
    (start, index) => new Chunk(bytes.subarray(start, starts[index + 1]), search),
  );
  const lines = starts.map((start) => text.slice(start, text.indexOf('\n', start)));
  const isItem = (index: number) => lines[index]?.startsWith('- ') ?? false;
  const itemsAt = lines.findIndex((line) => /^items:\s*(?:#.*)?$/.test(line));
  const items = chunks.filter((_, index) => isItem(index));
  const first = lines.findIndex((_, index) => isItem(index));
  const isContiguous = items.length > 0 && first === itemsAt + 1 && !isItem(first + items.length);
  if (itemsAt < 0 || !isContiguous) return undefined;
  const head = chunks.filter((_, index) => !isItem(index) && index !== itemsAt);
  const top = new Chunk(Buffer.concat(head.map((chunk) => chunk.toBytes())));
  const parsed = top.parsed.json;
  if (!isResourceList(parsed)) return undefined;
  return {
    batch: new Batch('items', chunks, items),
    functionConfig: configIn(top.text, parsed),
  };
}

/** A config is read in one way in every protocol, the list around it as Kubernetes reads manifests. */
function configIn(text: string, json: Json | undefined): Json | undefined {
  const isSame = !/\b(?:y|yes|n|no|on|off)\b/i.test(text);
  return getIn(isSame ? json : parseConfigYaml(text).json, ['functionConfig']);
}

/** The list with every change, and with results where there are any; in pieces, to be written one after the other. */
export function writeResourceList(list: ResourceList, problems: readonly Problem[]): Uint8Array[] {
  if (problems.length === 0) return list.batch.toPieces();
  const { first, more } = firstOfEachKind(bySeverity(problems));
  const counted = more.map(({ code, ...rest }) => ({ ...rest, tags: { code } }));
  const results = [...first.map(toResult), ...counted] as Json[];
  const [whole, ...others] = list.batch.chunks;
  if (!whole || others.length > 0)
    return [...list.batch.toPieces(), Buffer.from(printYaml({ results }))];
  // What functions before this one had to say stays.
  const earlier = getIn(whole.json, ['results']);
  const value = Array.isArray(earlier) ? [...earlier, ...results] : results;
  whole.edit({ op: 'add', path: toPointer(['results']), value });
  return [whole.toBytes()];
}

/** A result as the specification has it; what shows it may be a terminal. */
function toResult(problem: Problem): object {
  const { code, severity, resource, path, found, example } = problem;
  const details = [`expected ${problem.expected}`, problem.fix];
  const message = [problem.message, ...details.slice(problem.expected ? 0 : 1)].join('; ');
  return {
    message: printed(message) + (example === undefined ? '' : `\n${example}`),
    severity,
    ...(resource ? { resourceRef: mapTexts(resource) } : {}),
    ...(path
      ? {
          field: { path: printed(path), ...(found ? { currentValue: printed(found) } : {}) },
        }
      : {}),
    tags: { code },
  };
}

function mapTexts(reference: ResourceReference): object {
  return Object.fromEntries(Object.entries(reference).map(([key, text]) => [key, printed(text)]));
}
