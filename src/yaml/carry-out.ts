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
  const writer = new Writer(parsed, language, parse);
  for (const operation of operations) writer.take(operation);
  const written = writer.write(wanted);
  if (written.json === undefined || !equalJson(written.json, wanted))
    throw new Error(
      `the text does not follow the edits at ${operations.map(({ path }) => path).join(', ')}`,
    );
  return written;
}

/** A text, and the operations that are not written into it yet: they wait for each other, so that the text is read once for all. */
class Writer {
  readonly #language: Language;
  readonly #parse: (text: string) => ParsedYaml;
  #current: ParsedYaml;
  #waiting: Operation[] = [];
  /** What those make of the text's entries. */
  #shape: Shape | undefined;

  constructor(parsed: ParsedYaml, language: Language, parse: (text: string) => ParsedYaml) {
    this.#current = parsed;
    this.#language = language;
    this.#parse = parse;
  }

  take(operation: Operation): void {
    const path = fromPointer(operation.path);
    const written = this.#shapeNow.writtenPath(path);
    if (written && ownCopyStep(this.#current, operation, written).length > 0)
      this.#detach(operation, path);
    this.#shapeNow.record(operation, path);
    this.#waiting.push(operation);
  }

  /** @param wanted - what the text is to say */
  write(wanted: Json): ParsedYaml {
    const waiting = this.#waiting;
    if (waiting.length === 0) return this.#current;
    const { text, document } = this.#current;
    const closing = endsInNew(this.#shapeNow) ? closeLast(text, document.contents) : [];
    if (closing.length > 0) {
      this.#read(closing);
      for (const operation of waiting)
        this.#shapeNow.record(operation, fromPointer(operation.path));
    }
    this.#waiting = [];
    const shape = this.#shapeNow;
    return this.#read(writeShape(this.#current.text, shape, wanted, undefined, this.#language));
  }

  /** Gives the places that an operation would touch through an anchor copies of their own, of what is written by then. */
  #detach(operation: Operation, path: readonly string[]): void {
    this.write(applyOperations(this.#current.json ?? {}, this.#waiting));
    for (;;) {
      const copies = ownCopyStep(this.#current, operation, path);
      if (copies.length === 0) return;
      this.#read(copies);
    }
  }

  get #shapeNow(): Shape {
    this.#shape ??= new Shape(this.#current.document.contents);
    return this.#shape;
  }

  #read(splices: readonly Splice[]): ParsedYaml {
    this.#current = this.#parse(applySplices(this.#current.text, splices));
    this.#shape = undefined;
    return this.#current;
  }
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
