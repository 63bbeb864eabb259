/** Another value for an entry that is there. */
import { isObject, type Json } from './json.ts';
import {
  beginOf,
  contentEnd,
  contentStart,
  type Entry,
  entryStart,
  indicatorEnd,
  isBlockCollection,
  isEmpty,
  isFlow,
  lacksColon,
  propertiesEnd,
  valueProperties,
} from './nodes.ts';
import { isBlock, type Language, printBlock, printFlow, printScalar } from './print.ts';
import { replaceScalar } from './scalar-text.ts';
import { columnOf, lineEnd, lineEndOf, type Splice } from './text-edit.ts';
import { isMap, isScalar, isSeq, type Node, type Scalar } from './yaml.ts';

/** The splices that give an entry another value; a comment on its line stays there. */
export function setEntry(text: string, entry: Entry, value: Json, language: Language): Splice[] {
  const old = entry.value;
  const inFlow = language === 'json' || isFlow(entry.container);
  const isCollection = Array.isArray(value) || isObject(value);
  const printed = isCollection ? printFlow(value, language) : printScalar(value, language, inFlow);
  const isTagged = valueProperties(entry).some(({ type }) => type === 'tag');
  if (lacksColon(entry)) return [addColon(text, entry, printed, inFlow)];
  if (old === null || isEmpty(old))
    return fill(text, entry, value, printed, inFlow || !isBlock(value));
  if (!isTagged && !isCollection && isScalar(old))
    return [replaceScalar(text, old as Scalar, value, language, inFlow, parentColumn(text, entry))];
  if (inFlow || !isBlock(value) || isFlow(old)) return setInline(text, entry, old, printed);
  const sameKind = Array.isArray(value) ? isSeq(old) : isMap(old);
  if (sameKind && !isTagged) {
    const start = contentStart(old);
    const block = printBlock(value, columnOf(text, start), lineEndOf(text));
    return [{ start, end: oldEnd(text, old), text: block }];
  }
  return setBlock(text, entry, old, value);
}

/** Column from which a block scalar's indentation counts. */
export function parentColumn(text: string, entry: Entry): number {
  return columnOf(text, beginOf(entry));
}

/** Where an old value ends; a comment on the last line of a block collection is part of it. */
function oldEnd(text: string, old: Node): number {
  const end = contentEnd(text, old);
  return isBlockCollection(old) ? lineEnd(text, end) : end;
}

/** `? key` and, in flow style, `key` have no place for a value yet. */
function addColon(text: string, entry: Entry, printed: string, inFlow: boolean): Splice {
  const position = indicatorEnd(entry);
  if (inFlow) return { start: position, end: position, text: `: ${printed}` };
  const end = lineEnd(text, position);
  const indent = ' '.repeat(columnOf(text, entryStart(entry)));
  return { start: end, end, text: `${lineEndOf(text)}${indent}: ${printed}` };
}

/** A value where there was none; its tag goes, its anchor stays. */
function fill(
  text: string,
  entry: Entry,
  value: Json,
  printed: string,
  isInline: boolean,
): Splice[] {
  const tags = valueProperties(entry).filter(({ type }) => type === 'tag');
  const anchor = valueProperties(entry).find(({ type }) => type === 'anchor');
  const position = anchor ? anchor.offset + anchor.source.length : indicatorEnd(entry);
  const removed = tags.map(({ offset, source }) => ({
    start: offset - (text[offset - 1] === ' ' ? 1 : 0),
    end: offset + source.length,
    text: '',
  }));
  const before = text[position - 1];
  const space = before === '[' || before === '{' || before === ',' ? '' : ' ';
  if (isInline) return [...removed, { start: position, end: position, text: space + printed }];
  return [...removed, ownLines(text, entry, position, value)];
}

/** A value in block style on lines of its own, below the line of a position. */
function ownLines(text: string, entry: Entry, position: number, value: Json): Splice {
  const eol = lineEndOf(text);
  const column = parentColumn(text, entry) + 2;
  const end = lineEnd(text, position);
  return { start: end, end, text: `${eol}${' '.repeat(column)}${printBlock(value, column, eol)}` };
}

/** A value that fits on the line of its key or dash. */
function setInline(text: string, entry: Entry, old: Node, printed: string): Splice[] {
  const end = oldEnd(text, old);
  const start = valueProperties(entry)[0]?.offset ?? contentStart(old);
  const indicator = indicatorEnd(entry);
  const line = lineEnd(text, indicator);
  if (line >= contentStart(old)) return [{ start, end, text: printed }];
  // The old value stands on lines of its own.
  return [
    { start: indicator, end: propertiesEnd(entry, line), text: ` ${printed}` },
    { start: line, end, text: '' },
  ];
}

/** A value in block style in place of one of another kind. */
function setBlock(text: string, entry: Entry, old: Node, value: Json): Splice[] {
  const indicator = indicatorEnd(entry);
  const end = oldEnd(text, old);
  const hasComment = /^[ \t]+#/.test(text.slice(end, lineEnd(text, end)));
  const first = valueProperties(entry)[0]?.offset ?? contentStart(old);
  if (!entry.pair && !hasComment) {
    const block = printBlock(value, columnOf(text, first), lineEndOf(text));
    return [{ start: first, end, text: block }];
  }
  const line = lineEnd(text, indicator);
  if (line >= contentStart(old))
    return [{ start: indicator, end, text: '' }, ownLines(text, entry, end, value)];
  return [
    { start: indicator, end: propertiesEnd(entry, line), text: '' },
    { ...ownLines(text, entry, indicator, value), end },
  ];
}
