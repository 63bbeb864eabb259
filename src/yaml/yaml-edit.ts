/**
 * RFC 6902 operations carried out on the source text of a YAML or JSON document: each becomes splices that leave every
 * byte outside of what changes alone.
 */

import { addEntry } from './add-entry.ts';
import { fromPointer, type Json } from './json.ts';
import type { Operation } from './json-patch.ts';
import { contentEnd, contentStart, type Entry, endOf, isFlow, ownEntry, startOf } from './nodes.ts';
import { type Language, printBlock, printFlow } from './print.ts';
import { removeEntry } from './remove-entry.ts';
import { setEntry } from './set-entry.ts';
import { lineEndOf, type Splice } from './text-edit.ts';
import { isMap, isScalar, isSeq, type Node, type ParsedYaml } from './yaml.ts';

/**
 * The splices for one operation. Aliases and merges on its path have to be gone: see `ownCopyStep`.
 * @throws Error where the path leads nowhere.
 */
export function spliceOperation(
  parsed: ParsedYaml,
  operation: Operation,
  language: Language,
): Splice[] {
  const { text } = parsed;
  const path = fromPointer(operation.path);
  const root = parsed.document.contents as Node | null;
  const { entries, container } = followPath(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined) throw new Error('the root of a document cannot be replaced');
  const own = ownEntry(container, key);
  if (operation.op === 'remove') {
    if (!own) throw new Error(`nothing to remove at ${operation.path}`);
    if (own.container.items.length > 1) return removeEntry(text, own);
    return setCollection(parsed, entries.at(-1), isMap(container) ? {} : [], language);
  }
  const isInsertion = operation.op === 'add' && isSeq(container);
  if (own && !isInsertion) return setEntry(text, own, operation.value, language);
  if (!isMap(container) && !isSeq(container))
    return fillRoot(parsed, root, { [key]: operation.value }, language);
  if (
    container.items.length === 0 &&
    language === 'yaml' &&
    entries.length === 0 &&
    !isFlow(container)
  )
    return fillRoot(parsed, root, { [key]: operation.value }, language);
  return addEntry(text, container, key, operation.value, language);
}

function followPath(
  root: Node | null,
  path: readonly string[],
): { entries: Entry[]; container: Node | null } {
  const entries: Entry[] = [];
  let container = root;
  for (const key of path) {
    const entry = ownEntry(container, key);
    if (!entry) throw new Error(`nothing at /${path.join('/')}`);
    entries.push(entry);
    container = entry.value;
  }
  return { entries, container };
}

/** A collection without its last entry; the root has no entry that it stands in. */
function setCollection(
  parsed: ParsedYaml,
  entry: Entry | undefined,
  value: Json,
  language: Language,
): Splice[] {
  if (entry) return setEntry(parsed.text, entry, value, language);
  const root = parsed.document.contents as Node;
  return [
    {
      start: contentStart(root),
      end: contentEnd(parsed.text, root),
      text: printFlow(value, language),
    },
  ];
}

/** The first pair of a document that says nothing yet, or `null`. */
function fillRoot(
  parsed: ParsedYaml,
  root: Node | null,
  value: Json,
  language: Language,
): Splice[] {
  if (root !== null && !(isScalar(root) && root.value === null))
    throw new Error('only maps and lists can be added to');
  const { text } = parsed;
  if (root !== null && endOf(root) > startOf(root))
    return [{ start: startOf(root), end: endOf(root), text: printFlow(value, language) }];
  const eol = lineEndOf(text);
  const lineFeed = /[^\n]$/.test(text) ? eol : '';
  return [
    { start: text.length, end: text.length, text: `${lineFeed}${printBlock(value, 0, eol)}${eol}` },
  ];
}
