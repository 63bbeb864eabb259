/** Where the command line goes once it is bundled. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleCommandLine } from './bundle.ts';
import { commandLineFolder } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

/**
 * Bundles the command line into `dist/` of a package's folder, and takes away what an earlier one had there. `cli.js` comes last, when all
 * that it loads is there.
 */
export async function buildCommandLine(folder: string): Promise<void> {
  const modules = await bundleCommandLine();
  const dist = join(folder, commandLineFolder);
  const isLast = ([name]: [string, Uint8Array]) => Number(name === 'cli.js');
  const inOrder = [...modules].sort((one, other) => isLast(one) - isLast(other));
  for (const [name, content] of inOrder) await writeFileAtomically(join(dist, name), content);
  for (const name of await readdir(dist))
    if (/^cli.*\.js$/.test(name) && !modules.has(name)) await rm(join(dist, name), { force: true });
}
