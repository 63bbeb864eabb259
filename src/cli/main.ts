/** The command line: argument words and streams in, exit status out. */
import { Command, CommanderError } from 'commander';
import { formatRows } from '../errors.ts';
import { inLines, onOneLine } from '../foreign-text.ts';
import { VERSION } from '../protocol/generated/version.ts';
import { UnreadableFile } from '../read-file.ts';
import { isSystemError } from '../system-error.ts';
import { diskError } from './disk-errors.ts';
import { CommandError, type ExitStatus, formatCommandError, type Io } from './io.ts';
import { listOverlays } from './overlays.ts';
import { docsPath } from './package-root.ts';

const HELP = `
Example:
  ma-overlays render overlays/production

Exit status: 0 done, 1 problems found, 2 wrong usage.`;

type AddVerb = (program: Command, io: Io, finish: (status: ExitStatus) => void) => void;

/** In the order of `--help`. Each is loaded with the packages that it needs: all of them take a third of a second. */
const VERBS: Readonly<Record<string, () => Promise<AddVerb>>> = {
  new: async () => (await import('./new.ts')).addNew,
  render: async () => (await import('./render.ts')).addRender,
  check: async () => (await import('./check.ts')).addCheck,
  explain: async () => (await import('./explain.ts')).addExplain,
  report: async () => (await import('./report.ts')).addReport,
  diff: async () => (await import('./diff.ts')).addDiff,
  verify: async () => (await import('./verify.ts')).addVerify,
  install: async () => (await import('./install.ts')).addInstall,
};

/** The verb that is called; all where none is, so that help and proposals know them. */
function verbsFor([first = '']: readonly string[]): Promise<AddVerb[]> {
  const names = Object.keys(VERBS);
  const wanted = first === '--version' ? [] : names.includes(first) ? [first] : names;
  return Promise.all(wanted.flatMap((name) => VERBS[name]?.() ?? []));
}

/** Runs one command line; `given` are the arguments without the program's name. */
export async function main(given: readonly string[], io: Io): Promise<ExitStatus> {
  // `help render` as other programs have it.
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  let status: ExitStatus = 0;
  const program = new Command('ma-overlays')
    .description(
      "One small file per environment moves every host name of Michelangelo's manifests.",
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', () => `${HELP}\nDocumentation: ${docsPath(io.cwd)}/`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(inLines(text)),
      outputError: (text, write) => write(wrongUsage(text, words, io.cwd)),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    });
  const finish = (result: ExitStatus) => {
    status = result;
  };
  for (const add of await verbsFor(words)) add(program, io, finish);
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
function wrongUsage(text: string, [verb = '']: readonly string[], cwd: string): string {
  const [, message = text, proposal = '\n'] =
    /^(.*?)(\n\(Did you mean .*\)\n|\n)$/s.exec(text) ?? [];
  if (proposal !== '\n' || !/^error: (missing|unknown|too many)/.test(text))
    return onOneLine(message) + proposal;
  const command = Object.hasOwn(VERBS, verb) ? `ma-overlays ${verb}` : 'ma-overlays';
  const help = `${command} --help shows how it is called`;
  const overlays = /missing .*'(?:overlay|input)'/.test(message) ? overlaysOf(cwd) : [];
  const fix = overlays.length > 0 ? `name one of: ${overlays.join(', ')}; ${help}` : help;
  return formatRows(onOneLine(message), [['fix', fix]]);
}

/** None where it cannot be said which: that is not what is wrong. */
function overlaysOf(cwd: string): string[] {
  try {
    return listOverlays(cwd);
  } catch {
    return [];
  }
}

/** What a person can do something about; undefined for a mistake of this program. */
function commandErrorOf(error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return error;
  if (error instanceof UnreadableFile) return new CommandError(2, error.message);
  if (!isSystemError(error)) return undefined;
  const place = error.path ?? error.syscall ?? '';
  return diskError(error, place) as CommandError;
}
