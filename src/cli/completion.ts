/** `ma-overlays completion`: a script for a shell, made from the command line's own commands and options. */
import { type Argument, type Command, Argument as CommandArgument, type Option } from 'commander';
import { bashScript, fishScript, zshScript } from './completion-scripts.ts';
import type { ExitStatus, Io } from './io.ts';

/** What a word can be. */
export type Words =
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'overlays' }
  | { kind: 'files' }
  | { kind: 'folders' }
  /** Anything: nothing is offered. */
  | { kind: 'text' };

export interface CompletedOption {
  /** `--out`; and `-h` where there is a short form. */
  flags: readonly string[];
  description: string;
  /** Undefined for one that takes no value. */
  value: Words | undefined;
}

/** A verb with what can follow it. */
export interface CompletedVerb {
  name: string;
  description: string;
  options: readonly CompletedOption[];
  argument: Words;
}

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript };

const HELP = `
Completes verbs, options and the overlays of the folder that you are in.

Example, for bash; zsh and fish read it the same way, from their own files:
  echo 'source <(ma-overlays completion bash)' >> ~/.bashrc

  zsh:   ma-overlays completion zsh > "\${fpath[1]}/_ma-overlays"
  fish:  ma-overlays completion fish > ~/.config/fish/completions/ma-overlays.fish`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addCompletion(
  program: Command,
  io: Io,
  finish: (status: ExitStatus) => void,
): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Prints a completion script for a shell.')
    .addArgument(new CommandArgument('<shell>').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action((shell: keyof typeof SHELLS) => {
      io.stdout.write(SHELLS[shell](describeVerbs(program)));
      finish(0);
    });
}

/** The verbs as a completion needs them, sorted. */
export function describeVerbs(program: Command): CompletedVerb[] {
  return [...program.commands]
    .sort((left, right) => (left.name() < right.name() ? -1 : 1))
    .map((command) => {
      const [argument] = command.registeredArguments;
      return {
        name: command.name(),
        description: command.summary() || command.description(),
        options: [
          ...command.options.filter(({ hidden }) => !hidden).map(describeOption),
          HELP_OPTION,
        ],
        argument: argument === undefined ? { kind: 'text' } : wordsOf(argument.name(), argument),
      };
    });
}

const HELP_OPTION: CompletedOption = {
  flags: ['--help', '-h'],
  description: 'print this help',
  value: undefined,
};

function describeOption(option: Option): CompletedOption {
  const { long, short, description, flags } = option;
  const name = /[<[]([^>\].]+)/.exec(flags)?.[1];
  return {
    flags: [long, short].filter((flag) => typeof flag === 'string'),
    description,
    value: name === undefined ? undefined : wordsOf(name, option),
  };
}

/** Follows from the choices, or from the name of the value: `<overlay>`, `<path>`, `<folder>`. */
function wordsOf(name: string, { argChoices }: Pick<Option | Argument, 'argChoices'>): Words {
  if (argChoices !== undefined) return { kind: 'choices', choices: argChoices };
  if (name === 'overlay') return { kind: 'overlays' };
  if (name === 'path' || name === 'file') return { kind: 'files' };
  if (name === 'folder') return { kind: 'folders' };
  return { kind: 'text' };
}
