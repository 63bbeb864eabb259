/**
 * The function in this process, for a kustomize that starts programs: it starts a small stand-in, which hands its input
 * over and prints what it gets back. So every change is at hand with its old value, nothing is written to disk, Secrets
 * least of all, and the build ends as it would with the function itself. The stand-in is a script for `sh`: one for Node.js costs as much
 * CPU as a whole build by kustomize 5.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { formatProblems, printed } from '../../errors.ts';
import { readRegularFile, UnreadableFile } from '../../read-file.ts';
import { callFunction, type FunctionCall } from '../../report/call.ts';
import { hasErrors } from '../../run.ts';
import { type Io, UsageError } from '../io.ts';
import { makePluginHome } from './plugin-home.ts';
import { runProgram } from './program.ts';

/** Where every system has `sh`'s companions: the PATH of whoever calls may be a special one. */
const COMPANIONS = ['/usr/bin', '/bin'].join(delimiter);

const SECONDS_FOR_MKFIFO = 30;

/** Pipes with names: what the stand-in sends, and what it gets. */
const PIPES = ['input', 'output'] as const;

/** A function that waits to be called. */
export interface StandIn {
  /** The plugin home that has it. */
  home: string;
  /** The calls since they were last taken, in order: one for each DomainConfig. */
  takeCalls(): FunctionCall[];
  stop(): void;
}

/** Makes a plugin home whose function runs here, in a folder that is empty; the other plugins of the plugin home stay in place. */
export async function startStandIn(folder: string, pluginHome: string, io: Io): Promise<StandIn> {
  const calls: FunctionCall[] = [];
  const mark = randomBytes(16).toString('hex');
  const home = makePluginHome(folder, pluginHome, programFor(folder, mark));
  await makePipes(folder, io);
  const stop = answerCalls(folder, mark, (config, input) => {
    const call = callFunction(config, input);
    calls.push(call);
    return call;
  });
  return { home, takeCalls: () => calls.splice(0), stop };
}

async function makePipes(folder: string, io: Io): Promise<void> {
  const { stderr, complaint } = await runProgram(
    {
      command: 'mkfifo',
      words: ['-m', '600', ...PIPES.map((name) => join(folder, name))],
      env: { PATH: [io.env.PATH, COMPANIONS].filter(Boolean).join(delimiter) },
      seconds: SECONDS_FOR_MKFIFO,
    },
    io,
  );
  if (complaint === '') return;
  throw new UsageError(
    `no named pipe can be made in ${folder}: mkfifo ${complaint}: ${stderr.trim()}`,
    'set TMPDIR to a folder on a disk that has them',
  );
}

/**
 * Sends its standard input and the path of its config, each followed by a mark that nothing in them can have. Gets the exit status, the
 * number of bytes, and the bytes. Each pipe is first opened to read and write, which waits for nobody, so that it ends instead of
 * waiting for ever where the process at the other side has been killed.
 */
export function programFor(folder: string, mark: string): string {
  const [input, output] = PIPES.map((name) => `'${join(folder, name).replaceAll("'", "'\\''")}'`);
  return `#!/bin/sh
PATH="\${PATH:+$PATH:}${COMPANIONS}"
exec 3<>${input} 4>${input} 3>&-
exec 3<>${output} 5<${output} 3>&-
{ cat && printf '%s' "${mark}:$1${mark}."; } >&4 || exit 1
read -r status length <&5 || exit 1
[ "$status" = 0 ] || exec >&2
[ "$length" = 0 ] && exit "$status"
[ "$status" != 0 ] || exec head -c "$length" <&5
head -c "$length" <&5
exit "$status"
`;
}

/** Until the returned function is called. kustomize calls its plugins one after the other. */
function answerCalls(
  folder: string,
  mark: string,
  answer: (config: string, input: Buffer) => FunctionCall,
): () => void {
  // Both ends, so that a call can come at any time, and more than one.
  const [input, output] = PIPES.map((name) => openPipe(join(folder, name), name)) as [
    Socket,
    Socket,
  ];
  const end = Buffer.from(`${mark}.`);
  let parts: Buffer[] = [];
  input.on('data', (bytes: Buffer) => {
    parts.push(bytes);
    if (!endsWith(parts, end)) return;
    const sent = Buffer.concat(parts).subarray(0, -end.length);
    parts = [];
    const start = sent.lastIndexOf(`${mark}:`);
    const path = sent.toString('utf8', start + end.length);
    const { status, text } = answerTo(resolve(folder, path), sent.subarray(0, start), answer);
    output.write(`${status} ${text.length}\n`);
    output.write(text);
  });
  return () => {
    input.destroy();
    output.destroy();
  };
}

function answerTo(
  path: string,
  input: Buffer,
  answer: (config: string, input: Buffer) => FunctionCall,
): { status: 0 | 1; text: Buffer } {
  try {
    const { result, output } = answer(readRegularFile(path).toString('utf8'), input);
    if (!hasErrors(result.problems)) return { status: 0, text: output };
    return { status: 1, text: Buffer.from(formatProblems(result.problems)) };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { status: 1, text: Buffer.from(`error: ${printed(error.message)}\n`) };
  }
}

function openPipe(path: string, name: (typeof PIPES)[number]): Socket {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    // A socket that may read does so at once, also what it wrote itself.
    return new Socket({ fd, readable: name === 'input', writable: name === 'output' });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The end may come in pieces. */
function endsWith(parts: readonly Buffer[], end: Buffer): boolean {
  const last: Buffer[] = [];
  for (let index = parts.length - 1, length = 0; index >= 0 && length < end.length; index -= 1) {
    const part = parts[index] as Buffer;
    last.unshift(part.subarray(-end.length));
    length += part.length;
  }
  return Buffer.concat(last).subarray(-end.length).equals(end);
}
