/**
 * `npm run build`, after the generated sources: the plugin folder that is committed, and the command line in dist/.
 * With `--command-line-only`, as `prepare` calls it, no committed file is touched.
 */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { billOfMaterials } from './bill-of-materials.ts';
import { bundleFunction } from './bundle.ts';
import { checksPage } from './checks-page.ts';
import { checksumsOf } from './checksums.ts';
import { buildCommandLine } from './command-line.ts';
import { controllersPage } from './controllers-page.ts';
import { bundledPackages, thirdPartyNotices } from './notices.ts';
import {
  billPath,
  bundlePath,
  checksPath,
  checksumsPath,
  controllersPath,
  noticesPath,
  packageRoot,
  pluginHome,
  referencePath,
  schemaPath,
} from './paths.ts';
import { publishedSchema } from './published-schema.ts';
import { referencePage } from './reference-page.ts';
import { writeFileAtomically } from './write-file.ts';

/** One file that the build makes: its path from the package root, its bytes, whether it can be run. */
interface BuiltFile {
  path: string;
  content: Uint8Array;
  mode: 0o644 | 0o755;
}

/** Every committed file that the build makes. Nothing is written here, so that a test can compare. */
export async function buildPlugin(): Promise<BuiltFile[]> {
  const { content, metafile } = await bundleFunction();
  const packages = bundledPackages(metafile);
  const texts = {
    // Without this the package's own "type": "module" would apply to the bundle, which is CommonJS.
    [`${pluginHome}/package.json`]: '{ "type": "commonjs" }\n',
    [schemaPath]: `${JSON.stringify(publishedSchema(), null, 2)}\n`,
    [referencePath]: referencePage(),
    [noticesPath]: thirdPartyNotices(packages),
    [billPath]: billOfMaterials(packages),
    [controllersPath]: controllersPage(),
    [checksPath]: checksPage(),
  };
  const files = [
    { path: bundlePath, content, mode: 0o755 } as const,
    ...Object.entries(texts).map(([path, text]): BuiltFile => {
      return { path, content: Buffer.from(text), mode: 0o644 };
    }),
  ];
  const beside = files.filter(({ path }) => dirname(path) === dirname(checksumsPath));
  const sums = Buffer.from(checksumsOf(beside));
  return [...files, { path: checksumsPath, content: sums, mode: 0o644 }];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const onlyCommandLine = process.argv.includes('--command-line-only');
  // Every installation makes the command line anew.
  await buildCommandLine(packageRoot);
  for (const { path, content, mode } of onlyCommandLine ? [] : await buildPlugin())
    await writeFileAtomically(join(packageRoot, path), content, mode);
}
