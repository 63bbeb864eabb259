/** The same for programs. */
import { jsonText } from '../../foreign-text.ts';
import type { LiveItem } from './checklist.ts';
import { countLines, type Line } from './line.ts';

/** One JSON document: a summary, every line with its status, and the checklist where it was asked for. `seconds` is how long it took. */
export function toJson(
  name: string,
  lines: readonly Line[],
  seconds: number,
  checklist: readonly LiveItem[] | undefined,
): string {
  const { 'not tried': notTried, ...counts } = countLines(lines);
  const shown = lines.map(({ causes: _, ...line }) => line);
  const result = {
    input: name,
    summary: { ...counts, notTried, seconds: Number(seconds.toFixed(1)) },
    lines: shown,
    ...(checklist && { checklist }),
  };
  return jsonText(result);
}
