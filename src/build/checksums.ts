/** Lists of checksums, as `sha256sum --check` reads them. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** A line for each file, by its name alone, in the order of the names. */
export function checksumsOf(files: readonly { path: string; content: Uint8Array }[]): string {
  const lines = files.map(({ path, content }): [string, string] => {
    return [basename(path), createHash('sha256').update(content).digest('hex')];
  });
  return lines
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join('');
}
