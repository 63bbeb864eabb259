/** The end of a text whose last line has no line end, where more is to follow. */
import { endsInBlockScalar, endsKeepingLines, lastValueOf } from './nodes.ts';
import { applySplices, lineEndOf, type Splice } from './text-edit.ts';
import type { Node } from './yaml.ts';

/**
 * The text with a line end at its end, which says the same.
 * @param root - what the text says
 */
export function endLine(text: string, root: Node | null): string {
  const closed = applySplices(text, closeLast(text, root));
  return closed === '' || /[\r\n]$/.test(closed) ? closed : closed + lineEndOf(closed);
}

/**
 * The splices after which a line end may follow and changes nothing that the text says. A block scalar that the end of the text ends has
 * no line end there, and would get one: it becomes one that never has any.
 */
export function closeLast(text: string, root: Node | null): Splice[] {
  const last = lastValueOf(root);
  if (!last?.range || /[\r\n]$/.test(text) || !endsInBlockScalar(last)) return [];
  const [start, scalarEnd] = last.range;
  if (text.slice(scalarEnd).trim() !== '') return [];
  if (/(?:^|\n)$/.test(String(last.value))) {
    // All of the value has its line ends: what stands behind them is indentation, which `+` would take for a line.
    const line = text.lastIndexOf('\n') + 1;
    const isSpace = endsKeepingLines(last) && line > start;
    return isSpace ? [{ start: line, end: text.length, text: '' }] : [];
  }
  const header = /^[|>][-+\d]*/.exec(text.slice(start))?.[0] ?? '';
  const chomped = `${header.replace(/[-+]/, '')}-`;
  return [{ start, end: start + header.length, text: chomped }];
}
