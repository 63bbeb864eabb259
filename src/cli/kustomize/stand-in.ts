/**
 * The function in this process, for a kustomize that starts programs: it starts a small stand-in, which hands its input
 * over and prints what it gets back. So every change is at hand with its old value, nothing is written to disk, Secrets
 * least of all, and the build ends as it would with the function itself.
 */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { formatProblems } from '../../errors.ts';
import { callFunction, type FunctionCall } from '../../report/call.ts';
import { hasErrors } from '../../run.ts';
import { type Io, UsageError } from '../io.ts';
import { makePluginHome } from './plugin-home.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** In bytes, on macOS; Linux takes 107. A longer one would be cut, and the socket lie somewhere else, for everybody. */
const LONGEST_SOCKET_PATH = 103;

/** For a $TMPDIR with a longer path: these are on every system, or on many. */
const SHORT_PARENTS = ['/tmp', '/var/tmp', '/dev/shm'];

/**
 * Calls `build` with a plugin home whose function runs here, made in a folder that is empty; the other plugins of the plugin home stay in
 * place. Returns every call, in order: one for each DomainConfig.
 */
export async function withStandIn<T>(
  folder: string,
  pluginHome: string,
  io: Io,
  build: (home: string) => Promise<T>,
): Promise<{ built: T; calls: FunctionCall[] }> {
  const calls: FunctionCall[] = [];
  const built = await inSocketFolder(folder, io, async (socketFolder) => {
    const socket = socketIn(socketFolder);
    // The nearest package.json above a $TMPDIR may say that programs are ES modules.
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
    const home = makePluginHome(folder, pluginHome, programFor(socket));
    const server = await listen(socket, (config, input) => {
      const call = callFunction(config, input);
      calls.push(call);
      return call;
    });
    try {
      return await build(home);
    } finally {
      server.close();
    }
  });
  return { built, calls };
}

/** A socket lies in a folder that is closed to others: in this one, or where its path is too long in another. */
function inSocketFolder<T>(
  folder: string,
  io: Io,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (process.platform === 'win32' || Buffer.byteLength(socketIn(folder)) <= LONGEST_SOCKET_PATH)
    return work(folder);
  const parent = SHORT_PARENTS.find(isWritable);
  if (parent !== undefined) return inTemporaryFolder(parent, io, work);
  throw new UsageError(
    `the path of the temporary folder is longer than a socket's may be: ${folder}`,
    'set TMPDIR to a folder with a short path',
  );
}

/** Windows has names for sockets instead of files. */
function socketIn(folder: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'socket');
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What it sends: the length of the config, a line feed, the config, the input. What it gets: status, line feed, bytes. */
function programFor(socket: string): string {
  return `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const config = readFileSync(process.argv[2]);
const socket = require('node:net').connect(${JSON.stringify(socket)});
const answer = [];
socket.on('data', (bytes) => answer.push(bytes));
// The other side has ended, and this build with it.
socket.on('error', () => process.exit(1));
socket.on('end', () => {
  const bytes = Buffer.concat(answer);
  process.exitCode = bytes[0] === 0x30 ? 0 : 1;
  (process.exitCode === 0 ? process.stdout : process.stderr).write(bytes.subarray(2));
});
socket.end(Buffer.concat([Buffer.from(config.length + '\\n'), config, readFileSync(0)]));
`;
}

function listen(
  socket: string,
  answer: (config: string, input: Buffer) => FunctionCall,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    const parts: Buffer[] = [];
    connection.on('data', (bytes: Buffer) => parts.push(bytes));
    // A build that was stopped takes its end of the connection with it.
    connection.on('error', () => connection.destroy());
    connection.on('end', () => {
      const bytes = Buffer.concat(parts);
      const start = bytes.indexOf('\n') + 1;
      const end = start + Number.parseInt(bytes.toString('latin1', 0, start), 10);
      const { result, output } = answer(bytes.toString('utf8', start, end), bytes.subarray(end));
      connection.end(
        hasErrors(result.problems)
          ? `1\n${formatProblems(result.problems)}`
          : Buffer.concat([Buffer.from('0\n'), output]),
      );
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => resolve(server));
  });
}
