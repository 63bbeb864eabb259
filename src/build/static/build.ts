/**
 * `npm run build:static`: the function as one static executable of Linux for each architecture, with checksums and notices, into
 * dist/static/ or the folder that is named.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleForQuickJs } from '../bundle.ts';
import { checksumsOf } from '../checksums.ts';
import { bundledPackages, thirdPartyNotices } from '../notices.ts';
import { packageRoot, staticFolder } from '../paths.ts';
import { writeFileAtomically } from '../write-file.ts';
import { type Architecture, compile } from './compile.ts';
import { provideEngineSource } from './tools.ts';

/** The executable's name in the folder. */
export function executableName(architecture: Architecture): string {
  return `DomainConfig-linux-${architecture}`;
}

/** Writes the executables with what goes along with them. */
export async function buildStatic(folder: string): Promise<void> {
  const { content, metafile } = await bundleForQuickJs();
  const executables = [...(await compile(content))].map(([architecture, bytes]) => {
    return { path: executableName(architecture), content: bytes };
  });
  for (const each of executables)
    await writeFileAtomically(join(folder, each.path), each.content, 0o755);
  await writeFileAtomically(join(folder, 'SHA256SUMS'), checksumsOf(executables));
  const engine = await readFile(join(await provideEngineSource(), 'LICENSE'), 'utf8');
  const more = ['QuickJS (MIT)', engine.trim(), MUSL].join('\n\n');
  await writeFileAtomically(
    join(folder, 'THIRD-PARTY-NOTICES'),
    `${thirdPartyNotices(bundledPackages(metafile))}\n${'-'.repeat(80)}\n\n${more}\n`,
  );
}

const MUSL = 'musl (MIT)\n\nCopyright © 2005-2020 Rich Felker, et al.';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await buildStatic(resolve(process.argv[2] ?? join(packageRoot, staticFolder)));
