/** A program that runs beside the tests, with the last lines that it printed. */
import { execa } from 'execa';
import type { Running } from '../support/stand.ts';

/** Enough for the error that ended a program, and for what led to it. */
const KEPT_LINES = 60;

/** Lines that are no error of the Kubernetes API, which is talkative. */
const ROUTINE = /^[IW]\d{4} /;

export interface RunningProgram extends Running {
  /** Throws where the program has ended, with its last lines. */
  assertRunning(): void;
  log(): string;
  close(): Promise<void>;
}

/** Starts a program. It ends with this process at the latest; its data are thrown away, so it ends at once. */
export function startProgram(command: string, words: readonly string[]): RunningProgram {
  const child = execa(command, words, {
    all: true,
    buffer: false,
    killSignal: 'SIGKILL',
    reject: false,
    stdin: 'ignore',
  });
  const lines: string[] = [];
  const read = (async () => {
    for await (const line of child.iterable({ from: 'all' })) {
      if (!ROUTINE.test(line)) lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    }
  })();
  let closing = false;
  let ended: string | undefined;
  const end = child.then(({ exitCode, signal, code }) => {
    if (!closing) ended = `ended with ${signal ?? code ?? `status ${exitCode}`}`;
  });
  const log = (): string => [...lines, ...(ended ? [ended] : [])].join('\n');
  return {
    log,
    assertRunning() {
      if (ended !== undefined) throw new Error(`${command} ${log()}`);
    },
    async close() {
      closing = true;
      child.kill();
      await Promise.allSettled([end, read]);
    },
  };
}
