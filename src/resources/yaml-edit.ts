/**
 * RFC 6902 operations carried out on the source text of a YAML or JSON document: each becomes splices that leave every
 * byte outside of what changes alone.
 */
import { fromPointer, getIn, isObject, type Json, toPointer } from '../json.ts';
import { applyOperations, type Operation } from '../json-patch.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedYaml,
  Scalar,
  type YAMLSeq,
} from '../yaml.ts';
import {
  colonEnd,
  contentEnd,
  dashOf,
  type Entry,
  endOf,
  entryEnd,
  entryStart,
  isEmpty,
  isFlow,
  ownEntry,
  startOf,
  trimLineEnds,
} from './nodes.ts';
import { isBlock, type Language, printBlock, printFlow, printPair, printScalar } from './print.ts';
import { replaceScalar } from './scalar-text.ts';
import { columnOf, lineEnd, lineEndOf, lineStart, type Splice } from './text-edit.ts';

/** The splices for one operation. @throws Error where the path leads nowhere. */
export function spliceOperation(
  parsed: ParsedYaml,
  operation: Operation,
  language: Language,
): Splice[] {
  const path = fromPointer(operation.path);
  const entries: Entry[] = [];
  let node = parsed.document.contents as Node | null;
  for (const [depth, key] of path.entries()) {
    const entry = isAlias(node) ? undefined : ownEntry(node, key);
    const isLast = depth === path.length - 1;
    if (entry && (!isLast || operation.op !== 'add' || entry.pair)) {
      entries.push(entry);
      node = entry.value;
      continue;
    }
    const addsHere = isLast && operation.op === 'add' && (isMap(node) || isSeq(node));
    const own = isMap(node) && operation.op !== 'remove';
    if (addsHere) return [addEntry(parsed.text, node, key, operation.value, language)];
    // What an alias, a merge or an empty value stands for gets a copy of its own here, with the operation applied.
    const copyDepth = own ? depth + 1 : depth;
    const value = patchedValue(parsed.json, path, operation, copyDepth);
    if (own) return [addEntry(parsed.text, node, key, value, language)];
    return [setEntry(parsed.text, entries.at(-1), value, language)];
  }
  const entry = entries.at(-1);
  if (operation.op !== 'remove') return [setEntry(parsed.text, entry, operation.value, language)];
  if (entry && entry.container.items.length > 1) return [removeEntry(parsed.text, entry)];
  const emptied = isMap(entry?.container ?? null) ? {} : [];
  return [setEntry(parsed.text, entries.at(-2), emptied, language)];
}

function patchedValue(
  json: Json | undefined,
  path: readonly string[],
  operation: Operation,
  depth: number,
): Json {
  const value = getIn(json, path.slice(0, depth));
  const rest = path.slice(depth);
  if (rest.length === 0 && operation.op !== 'remove') return operation.value;
  const relative = { ...operation, path: toPointer(rest) } as Operation;
  return applyOperations(value ?? {}, [relative]);
}

/** Gives an entry another value. */
function setEntry(text: string, entry: Entry | undefined, value: Json, language: Language): Splice {
  if (!entry) throw new Error('the root of a document cannot be replaced');
  const old = entry.value;
  const inFlow = language === 'json' || isFlow(entry.container);
  const isCollection = Array.isArray(value) || isObject(value);
  if (old && isScalar(old) && !isEmpty(old) && !isCollection)
    return replaceScalar(text, old as Scalar, value as string, language, inFlow);
  if (inFlow || !isBlock(value) || isFlow(old))
    return setInline(text, entry, value, language, inFlow);
  const eol = lineEndOf(text);
  const sameKind = Array.isArray(value) ? isSeq(old) : isMap(old);
  if (old && sameKind) {
    const start = startOf(old);
    const printed = printBlock(value, columnOf(text, start), eol);
    return { start, end: contentEnd(text, old), text: printed };
  }
  if (!entry.pair) {
    const start = startOf(old as Node);
    const printed = printBlock(value, columnOf(text, start), eol);
    return { start, end: contentEnd(text, old as Node), text: printed };
  }
  const column = columnOf(text, entryStart(entry)) + 2;
  const start = colonEnd(entry.pair);
  const end = old && !isEmpty(old) ? contentEnd(text, old) : start;
  return { start, end, text: `${eol}${' '.repeat(column)}${printBlock(value, column, eol)}` };
}

/** A value that fits on the line of its key or dash. */
function setInline(
  text: string,
  entry: Entry,
  value: Json,
  language: Language,
  inFlow: boolean,
): Splice {
  const isCollection = Array.isArray(value) || isObject(value);
  const printed = isCollection ? printFlow(value, language) : printScalar(value, language, inFlow);
  const old = entry.value;
  if (entry.pair && (isEmpty(old) || !inFlow)) {
    const start = colonEnd(entry.pair);
    const end = old && !isEmpty(old) ? contentEnd(text, old) : start;
    return { start, end, text: ` ${printed}` };
  }
  return { start: startOf(old as Node), end: contentEnd(text, old as Node), text: printed };
}

/** Adds a pair to a map, or an item to a list before the index (or at the end: `-`). */
function addEntry(
  text: string,
  container: Node | null,
  key: string,
  value: Json,
  language: Language,
): Splice {
  if (isMap(container)) {
    if (language === 'json' || isFlow(container)) {
      const pair = printFlow({ [key]: value }, language).slice(1, -1);
      return addInFlow(text, container, container.items.length, pair);
    }
    const first = ownEntryAt(container, 0);
    const column = columnOf(text, entryStart(first));
    return appendLines(text, container, column, printPair(key, value, column, lineEndOf(text)));
  }
  if (!isSeq(container)) throw new Error('only maps and lists can be added to');
  const index = key === '-' ? container.items.length : Number(key);
  if (language === 'json' || isFlow(container))
    return addInFlow(text, container, index, printFlow(value, language));
  const dash = dashOf(container, Math.min(index, container.items.length - 1));
  const column = columnOf(text, dash);
  const eol = lineEndOf(text);
  const item = printBlock([value], column, eol);
  if (index >= container.items.length) return appendLines(text, container, column, item);
  return { start: dash, end: dash, text: `${item}${eol}${' '.repeat(column)}` };
}

/** New lines after the last one of a block collection. */
function appendLines(text: string, container: Node, column: number, lines: string): Splice {
  const eol = lineEndOf(text);
  const end = endOf(container);
  if (endsKeepingLines(container)) {
    // Everything up to here belongs to the scalar: the new line can only come after it.
    return { start: end, end, text: `${' '.repeat(column)}${lines}${eol}` };
  }
  const position = lineEnd(text, trimLineEnds(text, end));
  return { start: position, end: position, text: `${eol}${' '.repeat(column)}${lines}` };
}

/** Whether the last value in a block is a scalar such as `|+`, which keeps the blank lines that follow it. */
function endsKeepingLines(node: Node): boolean {
  if (isScalar(node)) {
    const header = (node.srcToken as { props?: { source: string }[] } | undefined)?.props;
    const isBlockScalar = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    return isBlockScalar && (header?.some((token) => /^[|>].*\+/.test(token.source)) ?? false);
  }
  if ((!isMap(node) && !isSeq(node)) || isFlow(node)) return false;
  const last = ownEntryAt(node, node.items.length - 1).value;
  return last !== null && endsKeepingLines(last);
}

function addInFlow(text: string, container: Node, index: number, printed: string): Splice {
  if (!isMap(container) && !isSeq(container)) throw new Error('not a collection');
  if (container.items.length === 0) {
    const [open, close] = isMap(container) ? '{}' : '[]';
    return { start: startOf(container), end: endOf(container), text: `${open}${printed}${close}` };
  }
  const isAppended = index >= container.items.length;
  const neighbour = ownEntryAt(container, isAppended ? container.items.length - 1 : index);
  const start = entryStart(neighbour);
  const leading = text.slice(lineStart(text, start), start);
  const separator = leading.trim() === '' ? `,${lineEndOf(text)}${leading}` : ', ';
  if (!isAppended) return { start, end: start, text: printed + separator };
  const end = entryEnd(neighbour);
  return { start: end, end, text: separator + printed };
}

function ownEntryAt(container: Node, index: number): Entry {
  const key = isMap(container)
    ? String((container.items[index]?.key as Scalar | undefined)?.value)
    : String(index);
  const entry = ownEntry(container, key);
  if (!entry) throw new Error('an entry of a collection was not found');
  return entry;
}

/** Removes one entry of several. */
function removeEntry(text: string, entry: Entry): Splice {
  const { container, index } = entry;
  const isLast = index === container.items.length - 1;
  if (isFlow(container)) {
    return isLast
      ? { start: entryEnd(ownEntryAt(container, index - 1)), end: entryEnd(entry), text: '' }
      : { start: entryStart(entry), end: entryStart(ownEntryAt(container, index + 1)), text: '' };
  }
  const beginOf = (at: number) =>
    isSeq(container) ? dashOf(container as YAMLSeq, at) : entryStart(ownEntryAt(container, at));
  const begin = beginOf(index);
  const isInline = text.slice(lineStart(text, begin), begin).trim() !== '';
  if (isInline) return { start: begin, end: beginOf(index + 1), text: '' };
  const end = lineEnd(text, trimLineEnds(text, entryEnd(entry)));
  const next = text.indexOf('\n', end);
  if (next >= 0) return { start: lineStart(text, begin), end: next + 1, text: '' };
  return { start: trimLineEnds(text, lineStart(text, begin)), end: text.length, text: '' };
}
