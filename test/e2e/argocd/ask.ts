/** Questions to Argo CD's own code. */
import { execa } from 'execa';
import { argocdTool } from './programs.ts';

/** The answer of a command of main.go; throws with what it says on standard error. */
export async function askArgocd<T>(
  command: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const { exitCode, stdout, stderr } = await execa(argocdTool.path, [command, ...words], {
    env,
    reject: false,
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
