/**
 * RFC 6902 operations carried out on the source text of a YAML or JSON document. All of them become splices of one reading, which leave
 * every byte outside of what changes alone; the new text is read once, and has to say what the operations mean.
 */
import { addEntries } from './add-entries.ts';
import { ownCopyStep } from './anchors.ts';
import { closeLast } from './end-line.ts';
import { equalJson, fromPointer, getIn, type Json } from './json.ts';
import { applyOperations, type Operation } from './json-patch.ts';
import { contentEnd, contentStart, type Entry, isEmpty } from './nodes.ts';
import { type Language, printBlock, printFlow } from './print.ts';
import { removeEntries } from './remove-entries.ts';
import { setEntry } from './set-entry.ts';
import { Shape } from './shape.ts';
import { applySplices, lineEndOf, type Splice } from './text-edit.ts';
import type { Node, ParsedYaml, YAMLMap, YAMLSeq } from './yaml.ts';

/**
 * The new text, read.
 * @param operations - in order; each fits what the ones before it made
 * @param parse - reads the text in its language
 * @param wanted - what the text has to say in the end, where that is known already
 * @throws Error where an operation leads nowhere, or the text does not say in the end what is wanted: rather none than a wrong one.
 */
export function carryOut(
  parsed: ParsedYaml,
  operations: readonly Operation[],
  language: Language,
  parse: (text: string) => ParsedYaml,
  wanted: Json = applyOperations(parsed.json ?? {}, operations),
): ParsedYaml {
  let current = parsed;
  let batch: Operation[] = [];
  let shape: Shape | undefined;
  // What was read last is only asked for its places where something else is to be written.
  const shapeNow = () => {
    shape ??= new Shape(current.document.contents);
    return shape;
  };
  const read = (splices: readonly Splice[]) => {
    current = parse(applySplices(current.text, splices));
    batch = [];
    shape = undefined;
  };
  const write = (json: Json) => {
    if (batch.length === 0) return;
    const closing = endsInNew(shapeNow()) ? closeLast(current.text, current.document.contents) : [];
    if (closing.length > 0) {
      const operations = batch;
      read(closing);
      for (const operation of operations) shapeNow().record(operation, fromPointer(operation.path));
    }
    read(writeShape(current.text, shapeNow(), json, undefined, language));
  };
  for (const operation of operations) {
    const path = fromPointer(operation.path);
    const written = shapeNow().writtenPath(path);
    if (written && ownCopyStep(current, operation, written).length > 0) {
      // The places that it would touch through an anchor get copies of their own, of what is written by then.
      write(applyOperations(current.json ?? {}, batch));
      for (;;) {
        const copies = ownCopyStep(current, operation, path);
        if (copies.length === 0) break;
        read(copies);
      }
    }
    shapeNow().record(operation, path);
    batch.push(operation);
  }
  write(wanted);
  if (current.json === undefined || !equalJson(current.json, wanted))
    throw new Error(
      `the text does not follow the edits at ${operations.map(({ path }) => path).join(', ')}`,
    );
  return current;
}

/** Whether something new comes behind all that is written. */
function endsInNew({ slots }: Shape): boolean {
  const last = slots.at(-1);
  return last !== undefined && (!last.entry || (last.inner !== undefined && endsInNew(last.inner)));
}

/**
 * The splices for a collection and everything in it.
 * @param wanted - what it is to say
 * @param owner - the entry that it is the value of; undefined for the root
 */
function writeShape(
  text: string,
  { node, slots }: Shape,
  wanted: Json,
  owner: Entry | undefined,
  language: Language,
): Splice[] {
  if (!slots.some(({ entry }) => entry))
    return owner
      ? setEntry(text, owner, wanted, language)
      : [setRoot(text, node, wanted, language)];
  const container = node as YAMLMap | YAMLSeq;
  const changed = slots.flatMap(({ key, entry, isSet, inner }, index): Splice[] => {
    if (!entry || (!isSet && !inner)) return [];
    const value = getIn(wanted, [key ?? index]) as Json;
    return inner && !isSet
      ? writeShape(text, inner, value, entry, language)
      : setEntry(text, entry, value, language);
  });
  const others = [...changed, ...addEntries(text, container, slots, wanted, language)];
  return [...others, ...removeEntries(text, container, slots, others)];
}

/** A document that says nothing yet, or of which nothing is left. */
function setRoot(text: string, root: Node | null, value: Json, language: Language): Splice {
  if (root && !isEmpty(root)) {
    const [start, end] = [contentStart(root), contentEnd(text, root)];
    return { start, end, text: printFlow(value, language) };
  }
  const eol = lineEndOf(text);
  const lineFeed = /[^\n]$/.test(text) ? eol : '';
  const end = text.length;
  return { start: end, end, text: `${lineFeed}${printBlock(value, 0, eol)}${eol}` };
}
