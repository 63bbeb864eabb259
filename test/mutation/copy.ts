/** A copy of the package whose sources have every mutant in them. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { API } from 'typescript/unstable/sync';
import { temporaryFolder } from '../support/temporary.ts';
import { instrument } from './instrument.ts';
import { type Mutant, mutantsIn } from './mutants.ts';

/** A mutant that has its number, in a file below the package root. */
export interface NumberedMutant extends Mutant {
  number: number;
  file: string;
}

/** The program of `worker.ts`, built, in a copy. */
export const WORKER = 'test/mutation/worker.js';

/** What a copy is made without; the packages are linked. */
const LEFT_OUT = ['.git', '.cache', 'node_modules'];

/** @returns the copy, and the mutants in it, in the order of files and of their text */
export function mutatedCopy(
  root: string,
  folders: readonly string[],
): { folder: string; mutants: NumberedMutant[] } {
  const folder = temporaryFolder();
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.includes(relative(root, path)),
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const include = folders.map((name) => `src/${name}`);
  const mutants: NumberedMutant[] = [];
  for (const { path, found } of parsed(folder, include)) {
    const file = relative(folder, path);
    writeFileSync(path, instrument(readFileSync(path, 'utf8'), found, mutants.length));
    for (const mutant of found) mutants.push({ ...mutant, file, number: mutants.length });
  }
  // The function in one file: a process that runs golden cases starts in a fraction of the time.
  buildSync({
    entryPoints: [join(folder, 'test/mutation/worker.ts')],
    outfile: join(folder, WORKER),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  return { folder, mutants };
}

/** The mutants of every source file in the named folders; generated ones stay as they are. */
export function parsed(root: string, include: string[]): { path: string; found: Mutant[] }[] {
  const config = join(root, 'tsconfig.mutation.json');
  const compilerOptions = { noLib: true, noResolve: true, types: [], target: 'ES2022' };
  const exclude = ['**/generated'];
  writeFileSync(config, JSON.stringify({ compilerOptions, include, exclude }));
  const typescript = new API({ cwd: root });
  try {
    const project = typescript.updateSnapshot({ openProjects: [config] }).getProjects()[0];
    const paths = project?.rootFiles.toSorted() ?? [];
    return paths.map((path) => {
      const source = project?.program.getSourceFile(path);
      return { path, found: source ? mutantsIn(source) : [] };
    });
  } finally {
    typescript.close();
  }
}
