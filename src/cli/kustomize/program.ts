/** Running other programs, so that none of them outlives this one, nor its time. The one door to `execa`. */
import { execa, type Result } from 'execa';
import { inLines } from '../../foreign-text.ts';
import { beforeEnd } from '../interrupts.ts';
import type { Io } from '../io.ts';

/** A program that prints more is stopped, in bytes: manifests of ten thousand resources are a tenth of it. */
const LARGEST_OUTPUT = 512 * 2 ** 20;

interface Program {
  command: string;
  words: readonly string[];
  /** The whole environment. */
  env: NodeJS.ProcessEnv;
  /** After so many seconds it is stopped. */
  seconds: number;
}

interface ProgramResult {
  /** Undefined where it did not end well. */
  stdout: Buffer | undefined;
  /** What it printed, however it ended. */
  output: Buffer;
  /** Fit to be printed. */
  stderr: string;
  /** Why it did not end well, after its name: `did not end in 300 s and was stopped`. */
  complaint: string;
  /** Whether its time was over. */
  timedOut: boolean;
  /** Whether there is no such program. */
  isMissing: boolean;
}

/** Runs a program in a process group of its own: what it starts ends with it. */
export async function runProgram(program: Program, io: Io): Promise<ProgramResult> {
  const { command, words, env, seconds } = program;
  let group: number | undefined;
  const stop = () => killGroup(group);
  // Before it is started: it may have gone far before `execa` comes back, and a signal that nothing listens for ends us alone.
  const forget = beforeEnd(io, stop);
  const child = execa(command, words, {
    cwd: io.cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: LARGEST_OUTPUT,
    // A group, and with it a session: a terminal does not reach it, so that signals are ours to pass on.
    detached: process.platform !== 'win32',
  });
  group = child.pid;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
    // What left the group may hold the other ends for ever.
    child.stdout.destroy();
    child.stderr.destroy();
  }, seconds * 1000);
  child.once('exit', stop);
  try {
    const result = await child;
    const complaint = timedOut ? `did not end in ${seconds} s and was stopped` : reason(result);
    return {
      stdout: complaint === '' ? Buffer.from(result.stdout ?? []) : undefined,
      output: Buffer.from(result.stdout ?? []),
      stderr: inLines(Buffer.from(result.stderr ?? []).toString('utf8')),
      complaint,
      timedOut,
      isMissing: result.code === 'ENOENT',
    };
  } finally {
    clearTimeout(timer);
    forget();
  }
}

function reason({ failed, isMaxBuffer, exitCode, signal, originalMessage }: Result): string {
  if (!failed) return '';
  if (isMaxBuffer) return `printed more than ${LARGEST_OUTPUT / 2 ** 20} MiB and was stopped`;
  if (signal !== undefined) return `was ended by ${signal}`;
  if (exitCode !== undefined) return `failed with status ${exitCode}`;
  return `cannot be started: ${originalMessage}`;
}

/** Nothing there has anything to put in order: what lies on disk for its time lies in a folder of ours. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
