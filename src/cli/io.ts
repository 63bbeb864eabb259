/** What a verb may touch of the process, given as arguments so that tests need no subprocess. */
import type { Readable, Writable } from 'node:stream';
import { formatRows, printed } from '../errors.ts';

/** Streams, environment and working directory. Verbs get it from `main`, tests make their own. */
export interface Io {
  stdin: Readable;
  /** For the result and nothing else. */
  stdout: Writable;
  /** For people. */
  stderr: Writable;
  env: NodeJS.ProcessEnv;
  /** Paths on the command line count from here. */
  cwd: string;
}

/** The same streams in another folder; what is getter of one process is not asked for. */
export function ioIn(cwd: string, io: Io, env = io.env): Io {
  return Object.create(io, { cwd: { value: cwd }, env: { value: env } });
}

/** 0: done; 1: problems were found; 2: wrong usage. */
export type ExitStatus = 0 | 1 | 2;

/** Ends a verb: `main` prints it and returns its status. */
export class CommandError extends Error {
  readonly status: ExitStatus;
  /** What to do, as an instruction. */
  readonly fix: string | undefined;
  constructor(status: ExitStatus, message: string, fix?: string) {
    super(message);
    this.status = status;
    this.fix = fix;
  }
}

/** Words on the command line, or something that they name, that cannot be used. */
export class UsageError extends CommandError {
  constructor(message: string, fix?: string) {
    super(2, message, fix);
  }
}

/** The same look as the function's own problems. */
export function formatCommandError(error: CommandError): string {
  return formatRows(`error: ${printed(error.message)}`, [['fix', error.fix]]);
}

/** For an option that may be given several times: its values, in order. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
