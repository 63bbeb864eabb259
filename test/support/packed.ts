/** This package as `npm pack` makes it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/build/paths.ts';
import { temporaryFolder } from './temporary.ts';

/** Packs the package, its build included, and returns the path of the tarball. */
export async function packPackage(): Promise<string> {
  const folder = temporaryFolder();
  await execa('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: packageRoot });
  const [name] = readdirSync(folder);
  return join(folder, name ?? '');
}
