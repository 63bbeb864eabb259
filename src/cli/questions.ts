/** Questions on a terminal. The one door to `@clack/prompts`. */
import { confirm, isCancel, select, text } from '@clack/prompts';
import { isTerminal } from './colors.ts';
import { CommandError, type Io } from './io.ts';

/** One thing to choose from. */
export interface Choice {
  value: string;
  label: string;
}

/** Asks a person; each method throws where the person interrupts. */
export interface Asker {
  /** A line of text, which may be empty; asked again with the complaint of `validate` until there is none. */
  text(
    message: string,
    placeholder: string,
    validate: (answer: string) => string | undefined,
  ): Promise<string>;
  select(message: string, choices: readonly Choice[]): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

/** Asks on the terminal; undefined where no person sits at the other end of the answers and of the questions. */
export function askerFor(io: Io): Asker | undefined {
  if (!isTerminal(io.stdin) || !isTerminal(io.stderr)) return undefined;
  // Questions go to stderr: stdout is for results.
  const streams = { input: io.stdin, output: io.stderr };
  return {
    text: async (message, placeholder, validate) =>
      // Where nothing is typed, there is no answer rather than an empty one.
      (
        answered(
          await text({
            ...streams,
            message,
            placeholder,
            validate: (answer) => validate((answer ?? '').trim()),
          }),
        ) ?? ''
      ).trim(),
    select: async (message, choices) =>
      answered(await select({ ...streams, message, options: [...choices], maxItems: 12 })),
    confirm: async (message) => answered(await confirm({ ...streams, message })),
  };
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new CommandError(1, 'interrupted: nothing was written');
  return answer as Exclude<T, symbol>;
}
