/** Where a finding stands, as programs that show files want it, and by what it is recognised in the next run. */
import { createHash } from 'node:crypto';
import { isAbsolute, normalize, relative, resolve } from 'node:path';
import type { Finding } from '../../checks/check.ts';
import { type FilePlace, placeOf } from '../../errors.ts';
import { onOneLine } from '../../foreign-text.ts';
import type { CheckedInput } from './input.ts';

/** Line and column are absent where they are not known. */
export interface Location extends FilePlace {
  file: string;
}

/** Relative to the working directory where it is below it; what has no file (standard input) is called by its name. */
export function locationOf(
  { file, line, column }: FilePlace,
  input: Pick<CheckedInput, 'file' | 'name'>,
  cwd: string,
): Location {
  const path = fromHere(file ?? input.file ?? input.name, cwd);
  // A line is one of the finding's own file.
  if (file === undefined || line === undefined) return { file: path };
  return { file: path, line, ...(column === undefined ? {} : { column }) };
}

function fromHere(path: string, cwd: string): string {
  const below = relative(cwd, resolve(cwd, path));
  const isBelow = below !== '' && !below.startsWith('..') && !isAbsolute(below);
  return onOneLine(isBelow ? below : normalize(path));
}

/**
 * A function that gives each finding a name which stays while other lines of the file change. It counts what is said twice: two have never
 * the same.
 */
export function fingerprints(): (found: Finding, location: Location) => string {
  const seen = new Map<string, number>();
  return (found, { file }) => {
    const { code, message } = found;
    const key = [code, file, placeOf(found), message].join('\0');
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return createHash('sha256').update(`${key}\0${times}`).digest('hex').slice(0, 32);
  };
}
