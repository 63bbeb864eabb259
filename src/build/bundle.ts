/** The one door to esbuild: how the two programs are bundled. */
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

/** The function as one script for the static executable. */
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
    format: 'iife',
    minify: true,
    alias: Object.fromEntries(modules),
  });
}

/** The command line as one ES module; its dependencies stay in node_modules. */
export async function bundleCommandLine(): Promise<Uint8Array> {
  const entryPoints = ['src/cli/main.ts'];
  const { content } = await bundle({ ...shared, entryPoints, format: 'esm', packages: 'external' });
  return content;
}

/** Runs esbuild; a warning counts as an error, because nobody would read it. */
async function bundle(options: BuildOptions & { metafile: true }): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await build(options);
  if (warnings.length > 0) throw new Error(warnings.map((warning) => warning.text).join('\n'));
  const [output] = outputFiles ?? [];
  if (output === undefined) throw new Error(`esbuild made nothing of ${options.entryPoints}`);
  return { content: output.contents, metafile };
}
