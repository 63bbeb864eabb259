/** Programs of a name on PATH. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

/** Every one, in the order of PATH. Folders that depend on where one stands are no place for programs. */
export function programsOnPath(name: string, { env }: Pick<Io, 'env'>): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).filter(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
