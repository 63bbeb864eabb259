/** Bytes that are not strings: read as UTF-8 they would become U+FFFD, and be written as that. */
import { isUtf8 } from 'node:buffer';
import type { SyntaxProblem } from './yaml.ts';

const REPLACEMENT = Buffer.from('\ufffd');

/** The first byte that is not UTF-8: of another encoding, overlong, half of a surrogate pair, or cut off. */
export function encodingProblemOf(bytes: Buffer): SyntaxProblem | undefined {
  if (isUtf8(bytes)) return undefined;
  let start = 0;
  for (let line = 1; ; line++) {
    const lineFeed = bytes.indexOf(0x0a, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const found = inLine(bytes.subarray(start, end));
    if (found) return { line, ...found };
    if (lineFeed < 0) return { line, column: 1, what: 'a byte that is not UTF-8' };
    start = end;
  }
}

function inLine(bytes: Buffer): Omit<SyntaxProblem, 'line'> | undefined {
  if (isUtf8(bytes)) return undefined;
  let at = 0;
  let column = 1;
  for (const character of bytes.toString('utf8')) {
    const length = Buffer.byteLength(character);
    if (character === '\ufffd' && !bytes.subarray(at, at + length).equals(REPLACEMENT)) break;
    at += length;
    column += character.length;
  }
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return { column, what: `the byte 0x${byte}, which is not UTF-8 there` };
}
