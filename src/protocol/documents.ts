/** A stream of YAML documents: cut at its markers as bytes, put together again as bytes. */
import { ByteSearch } from '../manifests/byte-search.ts';
import { Chunk } from '../manifests/chunk.ts';

/**
 * One chunk for each document, its `---` line and the directives before that included. YAML lets no line of any scalar begin with `---`
 * (YAML 1.2.2, rule c-forbidden), so that no parser is needed to find the markers.
 */
export function splitDocuments(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  const search = new ByteSearch(bytes);
  const hasDirectives = DIRECTIVE.test(bytes.toString('latin1', 0, 4)) || bytes.includes('\n%');
  let start = 0;
  for (let at = bytes.indexOf('\n---'); at >= 0; at = bytes.indexOf('\n---', at + 1)) {
    if (!isMarkerEnd(bytes[at + 4])) continue;
    const before = hasDirectives ? bytes.toString('latin1', start, at + 1) : '';
    const end = at + 1 - (DIRECTIVES.exec(before)?.[1]?.length ?? 0);
    if (end > start) chunks.push(new Chunk(bytes.subarray(start, end), search));
    start = end;
  }
  if (start < bytes.length) chunks.push(new Chunk(bytes.subarray(start), search));
  return chunks;
}

/** The beginning of a stream that begins with a directive, bytes as characters; a byte order mark may stand before it. */
const DIRECTIVE = /^(?:\xef\xbb\xbf)?%/;
/** Directives at the end of what stands before a marker, with the comments around them: at the beginning, or after `...`. */
const DIRECTIVES =
  /(?:(?<![\s\S])|^\.\.\.(?:[ \t\r][^\n]*)?\n)((?:\xef\xbb\xbf)?(?:(?:#[^\n]*|[ \t\r]*)\n)*%[^\n]*\n(?:(?:[#%][^\n]*|[ \t\r]*)\n)*)(?![\s\S])/m;

function isMarkerEnd(byte: number | undefined): boolean {
  return byte === undefined || [' ', '\t', '\r', '\n'].includes(String.fromCharCode(byte));
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Several files as one stream: each begins a document of its own. A byte order mark may stand at the beginning only. */
export function joinFiles(files: readonly Buffer[]): Buffer {
  const [only = Buffer.alloc(0), ...others] = files;
  if (others.length === 0) return only;
  const parts = files.flatMap((content, index) => {
    const isMarked = content.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const file = index > 0 && isMarked ? content.subarray(BYTE_ORDER_MARK.length) : content;
    const ended = index < files.length - 1 ? withLineEnd(file) : file;
    return index === 0 ? [ended] : [Buffer.from(markerBefore(file)), ended];
  });
  return Buffer.concat(parts);
}

/** What begins a file's first document where it does not do so itself. Directives may only follow the end of a document. */
function markerBefore(file: Buffer): string {
  const lineEnd = new Chunk(file).lineEnd ?? '\n';
  if (/^---(?:\s|$)/.test(file.toString('latin1', 0, 4))) return '';
  return `${/^(?:(?:#.*|[ \t\r]*)\n)*%/.test(file.toString('latin1')) ? '...' : '---'}${lineEnd}`;
}

/** Only the last document of a file may be without a line end at its end. */
function withLineEnd(file: Buffer): Buffer {
  const chunks = splitDocuments(file);
  const last = chunks.at(-1);
  return Buffer.concat(chunks.map((chunk) => chunk.toBytes(chunk === last)));
}
