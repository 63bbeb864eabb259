/**
 * Strings of a document written anew where they stand: node by node in one reading, so that an alias keeps saying what its anchor says, and
 * many of them cost no more than one.
 */
import type { Json } from './json.ts';
import { type Entry, entryAt, isFlow, keyOf } from './nodes.ts';
import type { Language } from './print.ts';
import { replaceScalar } from './scalar-text.ts';
import { parentColumn } from './set-entry.ts';
import { applySplices, type Splice } from './text-edit.ts';
import { isMap, isScalar, isSeq, type Node, type ParsedYaml, Scalar, visit } from './yaml.ts';

/** A string of a document: a value, or a key. */
export interface StringPlace {
  value: string;
  path: readonly (string | number)[];
  isKey: boolean;
  /** Whether it is tagged as base64. */
  isBinary: boolean;
  /** The list that it is an item of. */
  list: object | undefined;
  node: Scalar;
  entry: Entry;
}

/** Every string that is written in a document, in the order of the text; an alias is none. */
export function stringsIn({ document }: ParsedYaml): StringPlace[] {
  const places: StringPlace[] = [];
  const add = (node: unknown, place: Omit<StringPlace, 'value' | 'isBinary' | 'node'>) => {
    if (!isScalar(node) || typeof node.value !== 'string') return;
    const isBinary = node.tag === 'tag:yaml.org,2002:binary';
    places.push({ ...place, value: node.value, isBinary, node });
  };
  const walk = (node: Node | null, path: StringPlace['path']): void => {
    if (!isMap(node) && !isSeq(node)) return;
    for (let index = 0; index < node.items.length; index += 1) {
      const entry = entryAt(node, index);
      const { pair, value } = entry;
      const key = pair && keyOf(pair);
      // What a merge brings in belongs to the map around it.
      const here = pair && key === undefined ? path : [...path, key ?? index];
      const common = { path: here, list: pair ? undefined : node, entry };
      if (pair) add(pair.key, { ...common, isKey: true });
      if (isScalar(value)) add(value, { ...common, isKey: false });
      else walk(value, here);
    }
  };
  walk(document.contents, []);
  return places;
}

/**
 * The document with other texts in place of some of its strings.
 * @param changes - new texts by their places; keys cannot be among them
 * @throws Error where the new text does not say what it should: rather none than a wrong one.
 */
export function rewriteStrings(
  parsed: ParsedYaml,
  language: Language,
  parse: (text: string) => ParsedYaml,
  changes: ReadonlyMap<StringPlace, string>,
): ParsedYaml {
  const { text } = parsed;
  const splices = [...changes].map(([{ node, entry }, value]): Splice => {
    const inFlow = language === 'json' || isFlow(entry.container);
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    const column = isBlock ? parentColumn(text, entry) : 0;
    return replaceScalar(text, node, value, language, inFlow, column);
  });
  const written = parse(applySplices(text, splices));
  const wanted = new Map([...changes].map(([{ node }, value]) => [node, value]));
  const before = scalarsOf(parsed);
  const after = scalarsOf(written);
  const isRight =
    written.json !== undefined &&
    before.length === after.length &&
    before.every((node, index) => isSame(wanted.get(node) ?? node.value, after[index]?.value));
  if (!isRight) throw new Error('the text does not follow the strings that were written into it');
  return written;
}

/** The comments of a document, each without its sign. */
export function commentsIn({ document }: ParsedYaml): string[] {
  const found: unknown[] = [document.commentBefore, document.comment];
  visit(document, {
    Node(_, node) {
      const { commentBefore, comment } = node as Node;
      found.push(commentBefore, comment);
    },
  });
  return found.filter((text): text is string => typeof text === 'string');
}

/** So many signs of a comment are looked at in one line: any but the first is in a text, or in the comment itself. */
const MOST_SIGNS = 8;

/** The first line, from 0, that ends with each comment. */
export function commentLines(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    let at = line.indexOf('#');
    for (let signs = 0; at >= 0 && signs < MOST_SIGNS; signs += 1) {
      const comment = line.slice(at + 1).trimEnd();
      if (!found.has(comment)) found.set(comment, index);
      at = line.indexOf('#', at + 1);
    }
  }
  return found;
}

function scalarsOf({ document }: ParsedYaml): Scalar<Json>[] {
  const found: Scalar<Json>[] = [];
  visit(document, {
    Scalar(_, node) {
      found.push(node as Scalar<Json>);
    },
  });
  return found;
}

function isSame(left: unknown, right: unknown): boolean {
  // The key of a merge is another symbol in each reading.
  return Object.is(left, right) || (typeof left === 'symbol' && typeof right === 'symbol');
}
