/**
 * Several operations on one text, with as few readings of it as possible: operations that do not touch each other are spliced
 * against the same reading.
 */

import { ownCopyStep } from './anchors.ts';
import { fromPointer, getIn } from './json.ts';
import type { Operation } from './json-patch.ts';
import { ownEntry } from './nodes.ts';
import type { Language } from './print.ts';
import { spliceScalar } from './scalar-text.ts';
import { parentColumn } from './set-entry.ts';
import { applySplices, composeSplices, type Splice } from './text-edit.ts';
import { isAlias, isScalar, type ParsedYaml, type Scalar } from './yaml.ts';
import { spliceOperation } from './yaml-edit.ts';

/** An operation; `inner` says in smaller pieces how the string at its path becomes the new one. */
export type TextOperation = Operation & { inner?: { before: string; splices: readonly Splice[] } };

/** What came of it: the last reading, and the splices that lead from the first text to the last. */
export interface Written {
  parsed: ParsedYaml;
  splices: Splice[];
}

/**
 * Carries operations out on a text.
 * @param parse - reads the text in its language
 * @throws Error where an operation leads nowhere, or the text is no longer well-formed.
 */
export function carryOut(
  parsed: ParsedYaml,
  operations: readonly TextOperation[],
  language: Language,
  parse: (text: string) => ParsedYaml,
): Written {
  const written: Written = { parsed, splices: [] };
  const batch: Step[] = [];
  const take = (splices: readonly Splice[], operation: Operation) => {
    const text = applySplices(written.parsed.text, splices);
    written.splices = composeSplices(written.splices, splices);
    written.parsed = parse(text);
    if (written.parsed.json === undefined)
      throw new Error(`the text does not follow ${operation.op} ${operation.path}`);
  };
  const flush = () => {
    const last = batch.at(-1);
    if (last)
      take(
        batch.flatMap(({ splices }) => splices),
        last.operation,
      );
    batch.length = 0;
  };
  for (const operation of operations) {
    if (batch.some((step) => interferes(step.operation, operation))) flush();
    if (ownCopyStep(written.parsed, operation).length > 0) flush();
    for (;;) {
      const copies = ownCopyStep(written.parsed, operation);
      if (copies.length === 0) break;
      take(copies, operation);
    }
    const step: Step = spliceStep(written.parsed, operation, language);
    if (batch.some((earlier) => touches(earlier, step))) {
      flush();
      step.splices = spliceStep(written.parsed, operation, language).splices;
    }
    batch.push(step);
  }
  flush();
  return written;
}

interface Step {
  operation: Operation;
  splices: Splice[];
  /** Whether it adds a key that its map does not have. */
  isNewKey: boolean;
}

function spliceStep(parsed: ParsedYaml, operation: TextOperation, language: Language): Step {
  const isNewKey =
    operation.op === 'add' && getIn(parsed.json, fromPointer(operation.path)) === undefined;
  const { inner } = operation;
  const own = inner && ownScalar(parsed, operation.path);
  const splices =
    own && own.node.value === inner.before
      ? spliceScalar(parsed.text, own.node, inner.splices, own.parentColumn)
      : spliceOperation(parsed, operation, language);
  return { operation, splices, isNewKey };
}

function ownScalar(
  parsed: ParsedYaml,
  pointer: string,
): { node: Scalar; parentColumn: number } | undefined {
  const path = fromPointer(pointer);
  let node = parsed.document.contents as Parameters<typeof ownEntry>[0];
  let column = 0;
  for (const key of path) {
    const entry = ownEntry(node, key);
    if (!entry || isAlias(entry.value)) return undefined;
    node = entry.value;
    column = parentColumn(parsed.text, entry);
  }
  return isScalar(node) ? { node: node as Scalar, parentColumn: column } : undefined;
}

/**
 * Whether the place of an operation depends on an earlier one: it lies in what that one wrote, the other way round, or one of
 * them moves or counts the entries of a collection that the other changes.
 */
function interferes(earlier: Operation, later: Operation): boolean {
  const isInside = (path: string, folder: string) =>
    path === folder || path.startsWith(`${folder}/`);
  return (
    isInside(earlier.path, later.path) ||
    isInside(later.path, earlier.path) ||
    (movesEntries(later) && isInside(earlier.path, parentOf(later.path))) ||
    (movesEntries(earlier) && isInside(later.path, parentOf(earlier.path)))
  );
}

function movesEntries({ op, path }: Operation): boolean {
  // What looks like an index may be the key of a map: then this is only more careful than it need be.
  return op === 'remove' || (op === 'add' && /\/(?:\d+|-)$/.test(path));
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Whether two steps change places that overlap or meet; new keys of one map at one place keep their order. */
function touches(earlier: Step, later: Step): boolean {
  const isSimple = (step: Step) => step.isNewKey && step.splices.length === 1;
  const areSiblings =
    parentOf(earlier.operation.path) === parentOf(later.operation.path) &&
    isSimple(earlier) &&
    isSimple(later);
  return earlier.splices.some((left) =>
    later.splices.some((right) => {
      const areInsertions = left.start === left.end && right.start === right.end;
      if (areSiblings && areInsertions) return false;
      return left.start <= right.end && right.start <= left.end;
    }),
  );
}
