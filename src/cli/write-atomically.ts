/** Writing a file so that nobody ever sees half of it. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './io.ts';

/** Puts the text beside the file first, and then in its place. Throws where the folder does not take it. */
export function writeAtomically(path: string, text: string): void {
  const next = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  try {
    writeFileSync(next, text);
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw new UsageError(
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`,
      'name a file in a folder that exists and can be written to',
    );
  }
}
