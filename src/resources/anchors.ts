/**
 * Anchors that other places refer to. Before a value with such an anchor changes, the anchor and the old value move to the
 * first alias: every other place keeps what it had, as RFC 6902 says of operations on the plain JSON.
 */
import { isAlias, type Node, type ParsedYaml, visit } from '../yaml.ts';
import { anchorOf, type Entry, ownEntry, startOf } from './nodes.ts';
import { printFlow } from './print.ts';
import type { Splice } from './text-edit.ts';

/** The splices that free the entries along a path of anchors in use; empty where there are none. */
export function detachAnchors(parsed: ParsedYaml, path: readonly string[]): Splice[] {
  let node = parsed.document.contents as Node | null;
  for (const key of path) {
    const entry = ownEntry(node, key);
    if (!entry) return [];
    const splices = detach(parsed, entry);
    if (splices.length > 0) return splices;
    node = entry.value;
  }
  return [];
}

function detach(parsed: ParsedYaml, entry: Entry): Splice[] {
  const anchor = anchorOf(entry);
  const value = entry.value;
  if (!anchor || !value || isAlias(value)) return [];
  const alias = firstAliasOf(parsed, value);
  if (!alias?.range) return [];
  const copy = printFlow(value.toJS(parsed.document), 'yaml');
  const spaceBefore = parsed.text[anchor.offset - 1] === ' ' ? 1 : 0;
  return [
    { start: anchor.offset - spaceBefore, end: anchor.offset + anchor.source.length, text: '' },
    { start: startOf(alias), end: alias.range[1], text: `${anchor.source} ${copy}` },
  ];
}

function firstAliasOf(parsed: ParsedYaml, target: Node): Node | undefined {
  let found: Node | undefined;
  visit(parsed.document, {
    Alias(_, alias) {
      if (alias.resolve(parsed.document) !== target) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
