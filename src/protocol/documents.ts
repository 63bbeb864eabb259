/** A stream of YAML documents: cut at its markers as bytes, put together again as bytes. */
import { Chunk } from '../manifests/chunk.ts';

/**
 * One chunk for each document, its `---` line included. YAML lets no line of any scalar begin with `---`
 * (YAML 1.2.2, rule c-forbidden), so that no parser is needed to find the markers.
 */
export function splitDocuments(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  for (let at = bytes.indexOf('\n---'); at >= 0; at = bytes.indexOf('\n---', at + 1)) {
    if (!isMarkerEnd(bytes[at + 4])) continue;
    chunks.push(new Chunk(bytes.subarray(start, at + 1)));
    start = at + 1;
  }
  if (start < bytes.length) chunks.push(new Chunk(bytes.subarray(start)));
  return chunks;
}

function isMarkerEnd(byte: number | undefined): boolean {
  return byte === undefined || [' ', '\t', '\r', '\n'].includes(String.fromCharCode(byte));
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Several files as one stream: each begins a document of its own. A byte order mark may stand at the beginning only. */
export function joinFiles(files: readonly Buffer[]): Buffer {
  const parts = files.flatMap((content, index) => {
    if (index === 0) return [content];
    const isMarked = content.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const file = isMarked ? content.subarray(BYTE_ORDER_MARK.length) : content;
    const last = files[index - 1];
    const lineFeed = last?.length && last.at(-1) !== 0x0a ? '\n' : '';
    const marker = /^---(?:\s|$)/.test(file.subarray(0, 4).toString('latin1')) ? '' : '---\n';
    return [Buffer.from(lineFeed + marker), file];
  });
  return Buffer.concat(parts);
}
