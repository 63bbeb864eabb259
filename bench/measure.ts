/** What a command costs: processor time of it and of all that it starts, and the memory of a Node program. */
import { execFileSync, spawnSync } from 'node:child_process';

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

/** What one run of a program for Node took. */
export interface Cost {
  /** Of processor time, the system's included. */
  seconds: number;
  /** The most memory that it had at any time, in bytes. */
  memory: number;
  stderr: string;
}

const SAY_COST =
  'const said = () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); process.stderr.write(`\\n${userCPUTime + systemCPUTime} ${maxRSS}`); }; process.on("exit", said)';

/** @throws Error where the program does not come to its end, whatever its exit status is there. */
export function nodeCost(words: readonly string[]): Cost {
  const hook = `data:text/javascript,${encodeURIComponent(SAY_COST)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', hook, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const [, microseconds, kilobytes] = /\n(\d+) (\d+)$/.exec(stderr) ?? [];
  if (kilobytes === undefined)
    throw new Error(`${words.join(' ')} did not end: ${stderr.slice(-200)}`);
  return { seconds: Number(microseconds) / 1e6, memory: Number(kilobytes) * 1024, stderr };
}
