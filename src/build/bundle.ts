/** The one door to esbuild: how the two programs are bundled. */
import { basename } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { VERSION } from '../protocol/generated/version.ts';
import { packageRoot } from './paths.ts';

/**
 * What both bundles share. Their bytes may not depend on the working directory or on where node_modules lies:
 * `absWorkingDir` and `minify` keep paths out, and the project's tsconfig.json stays out of it altogether.
 */
const shared = {
  absWorkingDir: packageRoot,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  loader: { '.yaml': 'text' },
  tsconfigRaw: {},
  // The notices stand in a file of their own: see notices.ts.
  legalComments: 'none',
  metafile: true,
  sourcemap: false,
  logLevel: 'silent',
} satisfies BuildOptions;

type Options = BuildOptions & { metafile: true; write: false };

/** A program, and what esbuild says of its parts. */
interface Bundle {
  content: Uint8Array;
  metafile: Metafile;
}

/** The function as one CommonJS program with a shebang and nothing to install. */
export function bundleFunction(): Promise<Bundle> {
  return bundle({
    ...shared,
    entryPoints: ['src/function.ts'],
    format: 'cjs',
    minify: true,
    // The version can be read without running the file.
    banner: { js: `#!/usr/bin/env node\n// ${VERSION}` },
  });
}

/** What Node.js has and QuickJS has not, for the function in the static executable. */
const NODE_MODULES = ['buffer', 'fs', 'path', 'process', 'tty', 'url'];

/** The function as one module for the static executable: QuickJS takes a function around all names several times as long to start. */
export function bundleForQuickJs(): Promise<Bundle> {
  const modules = NODE_MODULES.flatMap((name) =>
    [name, `node:${name}`].map((from) => [from, `./src/quickjs/node/${name}.ts`]),
  );
  return bundle({
    ...shared,
    entryPoints: ['src/quickjs/function.ts'],
    platform: 'neutral',
    // The same files of each package as in the bundle.
    conditions: ['node'],
    mainFields: ['main'],
    target: 'es2023',
    format: 'esm',
    minify: true,
    alias: Object.fromEntries(modules),
  });
}

/**
 * The command line as ES modules, by their names: `cli.js`, and what it loads for a verb. Its dependencies stay in node_modules, and are loaded
 * with the verb that needs them.
 */
export async function bundleCommandLine(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await run({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    chunkNames: 'cli-[hash]',
    splitting: true,
    format: 'esm',
    packages: 'external',
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

async function bundle(options: Options): Promise<Bundle> {
  const { outputFiles, metafile } = await run(options);
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${options.entryPoints}`);
  return { content: output.contents, metafile };
}

/** Runs esbuild; a warning counts as an error, because nobody would read it. */
async function run(options: Options) {
  const result = await build(options);
  if (result.warnings.length > 0)
    throw new Error(result.warnings.map((warning) => warning.text).join('\n'));
  return result;
}
