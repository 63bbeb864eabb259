/**
 * How much room text takes. Nothing here can ask a browser, so that everything in a drawing is set in a fixed-width font, whose
 * characters are at most 0.62 em wide in every font of the list below.
 */

import { onOneLine } from '../../foreign-text.ts';

/** Fonts of the usual systems, none of which has to be loaded. */
export const FONTS =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

const EM = 0.62;

/** Width in pixels; characters beyond Latin may be twice as wide. */
export function widthOf(text: string, size: number): number {
  const cells = [...text].reduce((sum, character) => sum + (character > '\u024f' ? 2 : 1), 0);
  return cells * size * EM;
}

/** Lines of at most so many characters, broken behind dots, hyphens and slashes where there are any. */
export function wrap(text: string, longest: number): string[] {
  const pieces =
    onOneLine(text)
      .match(/[^-./,:\s]*[-./,:\s]*/g)
      ?.filter(Boolean) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces.flatMap((one) => cut(one, longest))) {
    if (line !== '' && (line + piece).trimEnd().length > longest) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()].filter(Boolean);
}

function cut(text: string, longest: number): string[] {
  const characters = [...text];
  const count = Math.max(1, Math.ceil(characters.length / longest));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * longest, (index + 1) * longest).join(''),
  );
}
