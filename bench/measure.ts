/** What a command costs: processor time of it and of all that it starts, and the memory of a Node program. */
import { execFileSync } from 'node:child_process';

/** A command to be measured. */
export interface Job {
  command: string;
  words: readonly string[];
  /** A file for its standard input. */
  input?: string;
  folder?: string;
  environment?: Readonly<Record<string, string>>;
}

/** bash says both times of its children in milliseconds, which Node does not know of its own. */
const TIMED = 'TIMEFORMAT="%3U %3S"; { time "$@" > /dev/null 2> /dev/null; } || exit 1';

/** Seconds of processor time, the system's included. @throws Error where the command fails. */
function processorTime({ command, words, input = '/dev/null', folder, environment }: Job): number {
  const script = `exec 3>&1; exec < "$0"; { ${TIMED}; } 2>&3`;
  const said = execFileSync('bash', ['-c', script, input, command, ...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  const [user = 0, system = 0] = said.trim().split(' ').map(Number);
  return user + system;
}

/** The median of each job, in turn, so that a slow moment of the machine hits all of them. */
export function processorTimes(jobs: readonly Job[], runs: number): number[] {
  const times = jobs.map((): number[] => []);
  for (let run = 0; run < runs; run += 1)
    for (const [index, job] of jobs.entries()) times[index]?.push(processorTime(job));
  return times.map(median);
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

const SAY_MEMORY =
  'process.on("exit", () => process.stderr.write("\\n" + process.resourceUsage().maxRSS))';

/** The most memory, in bytes, that a program for Node had at any time. */
export function nodeMemory(words: readonly string[]): number {
  const hook = `data:text/javascript,${encodeURIComponent(SAY_MEMORY)}`;
  const script = 'exec "$@" 2>&1 > /dev/null';
  const command = ['-c', script, 'bash', process.execPath, '--import', hook, ...words];
  const said = execFileSync('bash', command, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return Number(said.trim().split('\n').at(-1)) * 1024;
}
