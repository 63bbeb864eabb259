/** The command line: argument words and streams in, exit status out. */
import { Command, CommanderError } from 'commander';
import { inLines, onOneLine } from '../foreign-text.ts';
import { VERSION } from '../protocol/generated/version.ts';
import { UnreadableFile } from '../read-file.ts';
import { isSystemError } from '../system-error.ts';
import { addCheck } from './check.ts';
import { addDiff } from './diff.ts';
import { diskError } from './disk-errors.ts';
import { addExplain } from './explain.ts';
import { addInstall } from './install.ts';
import { CommandError, type ExitStatus, formatCommandError, type Io } from './io.ts';
import { addNew } from './new.ts';
import { addRender } from './render.ts';
import { addReport } from './report.ts';
import { addVerify } from './verify.ts';

const HELP = `
Example:
  ma-overlays render overlays/production

Exit status: 0 done, 1 problems found, 2 wrong usage.`;

/** Runs one command line; `words` are the arguments without the program's name. */
export async function main(words: readonly string[], io: Io): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = new Command('ma-overlays')
    .description(
      "One small file per environment moves every host name of Michelangelo's manifests.",
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(inLines(text)),
      outputError: (text, write) => write(wrongUsage(text)),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    });
  const finish = (result: ExitStatus) => {
    status = result;
  };
  const verbs = [
    addNew,
    addRender,
    addCheck,
    addExplain,
    addReport,
    addDiff,
    addVerify,
    addInstall,
  ];
  for (const add of verbs) add(program, io, finish);
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has printed what it has to say: help and version end with 0, everything else is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = commandErrorOf(error);
    if (known === undefined) throw error;
    io.stderr.write(formatCommandError(known));
    return known.status;
  }
}

/** Commander's message quotes a word of the command line, whatever is in it; what it proposes instead has a line of its own. */
function wrongUsage(text: string): string {
  const [, message = text, proposal = '\n'] =
    /^(.*?)(\n\(Did you mean .*\)\n|\n)$/s.exec(text) ?? [];
  return onOneLine(message) + proposal;
}

/** What a person can do something about; undefined for a mistake of this program. */
function commandErrorOf(error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return error;
  if (error instanceof UnreadableFile) return new CommandError(2, error.message);
  if (!isSystemError(error)) return undefined;
  const place = error.path ?? error.syscall ?? '';
  return diskError(error, place) as CommandError;
}
