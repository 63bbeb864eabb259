/** An output folder of `render` as plain data, and the way there without building anything. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openOutFolder, writeOutFolder } from '../../src/cli/render/out-folder.ts';
import { type MadeFiles, madeFiles } from '../../src/cli/render/spool.ts';
import { Undo } from '../../src/cli/undo.ts';

/** Texts by the name of the file, by the name of the environment. */
export type Tree = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is there; undefined where the folder is not. */
export function treeOf(folder: string): Tree | undefined {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return undefined;
  const isFolder = (name: string) => statSync(join(folder, name)).isDirectory();
  const read = (environment: string) =>
    readdirSync(join(folder, environment))
      .sort()
      .map((name) => [name, readFileSync(join(folder, environment, name), 'utf8')]);
  return Object.fromEntries(
    readdirSync(folder)
      .filter(isFolder)
      .sort()
      .map((name) => [name, Object.fromEntries(read(name))]),
  );
}

function filesOf(tree: Tree): Map<string, MadeFiles> {
  return new Map(
    Object.entries(tree).map(([environment, texts]) => [
      environment,
      madeFiles(
        Object.entries(texts).map(([name, text]) => ({ name, text })),
        'ma-overlays in a test',
      ),
    ]),
  );
}

/** Looks at the folder; what comes back writes it, later. */
export async function opened(
  folder: string,
): Promise<(environments: Tree, all?: boolean) => Promise<void>> {
  const out = await openOutFolder(folder, '/');
  return (environments, all = false) =>
    writeOutFolder(out, filesOf(environments), () => !all, new Undo());
}

export async function renderTree(folder: string, environments: Tree): Promise<void> {
  await (await opened(folder))(environments);
}
