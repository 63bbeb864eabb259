/** What git says of the repository that the working directory is in. */
import { type Io, UsageError } from './io.ts';
import { environmentOf } from './kustomize/find.ts';
import { runProgram } from './kustomize/program.ts';

/** A commit is unpacked in so many seconds, or not at all. */
export const GIT_SECONDS = 120;

/** What git prints; undefined where it fails, or is not there. */
export async function git(
  words: readonly string[],
  io: Io,
  more: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  const env = { ...environmentOf(io), GIT_TERMINAL_PROMPT: '0', ...more };
  const program = { command: 'git', words, env, seconds: GIT_SECONDS };
  const { stdout } = await runProgram(program, io);
  return stdout?.toString('utf8');
}

/** The top of the work tree that the working directory is in; undefined where there is none. */
export async function repositoryOf(io: Io): Promise<string | undefined> {
  const top = (await git(['rev-parse', '--show-toplevel'], io))?.replace(/\n$/, '');
  return top || undefined;
}

/** The name of a commit in full; throws with the message where there is none. */
export async function commitOf(reference: string, message: string, io: Io): Promise<string> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`];
  const commit = (await git(words, io))?.trim();
  if (commit) return commit;
  const hasNone = (await git(['rev-list', '--max-count=1', '--all'], io)) === '';
  throw new UsageError(
    message,
    hasNone
      ? 'there is no commit here yet: make the first one'
      : 'name a branch, a tag or a commit that is there: git fetch brings those of others, and a shallow clone has one commit',
  );
}
