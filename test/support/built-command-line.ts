/** The command line as it is installed, for tests of what only a process of its own shows: signals, streams, the disk. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommandLine } from '../../src/build/command-line.ts';
import { packageRoot } from '../../src/build/paths.ts';
import { temporaryFolder } from './temporary.ts';

/** A folder like this package's after `npm run build`, made of its sources; returns the path of the program. */
export async function installedCommandLine(): Promise<string> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  await buildCommandLine(folder);
  cpSync(join(packageRoot, 'package.json'), join(folder, 'package.json'));
  for (const name of ['plugin', 'base', 'node_modules'])
    symlinkSync(join(packageRoot, name), join(folder, name));
  const program = 'src/cli/ma-overlays.js';
  cpSync(join(packageRoot, program), join(folder, program));
  return join(folder, program);
}
