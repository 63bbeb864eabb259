import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file in one step, beside its place first: whoever reads it meanwhile gets all of the old or all of the new.
 * The mode does not depend on the umask.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode: 0o644 | 0o755 = 0o644,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.write-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(temporary, content);
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
