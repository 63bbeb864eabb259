/** One build by kustomize, in a folder of its own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, type Io } from '../io.ts';
import type { Builder } from './build-options.ts';
import { environmentOf } from './find.ts';
import { runProgram } from './program.ts';

/**
 * For Go's garbage collector, which takes nearly half of the CPU of a build to keep a process of 30 MB from growing to 60 MB; above the limit it
 * collects as always. What somebody has set stays.
 */
const SPARING = { GOGC: '1600', GOMEMLIMIT: '1GiB' };

/**
 * Runs kustomize; `complaint` is what it cannot say itself.
 * @param folder - nobody else's for the time of the build
 * @param home - the plugin home
 */
export async function build(
  { kustomize, seconds }: Pick<Builder, 'kustomize' | 'seconds'>,
  overlay: string,
  folder: string,
  home: string,
  io: Io,
): Promise<{ manifests: Buffer | undefined; stderr: string; complaint?: CommandError }> {
  const { command, verb } = kustomize;
  // What it leaves behind when it is stopped goes away with ours.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const program = {
    command,
    // A folder may have the name of a flag.
    words: [verb, '--enable-alpha-plugins', overlay.replace(/^-/, './-')],
    env: { ...SPARING, ...environmentOf(io), KUSTOMIZE_PLUGIN_HOME: home, TMPDIR: temporary },
    seconds,
  };
  const { stdout, stderr, complaint, timedOut } = await runProgram(program, io);
  const isSilent = stdout === undefined && stderr.trim() === '';
  if (!timedOut && !isSilent) return { manifests: stdout, stderr };
  const problem = new CommandError(
    1,
    `${overlay}: ${command} ${complaint}`,
    timedOut
      ? '--timeout SECONDS allows more; a remote base that does not answer and a plugin that waits never end'
      : undefined,
  );
  return { manifests: stdout, stderr, complaint: problem };
}
