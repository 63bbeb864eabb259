/**
 * The function in this process, for a kustomize that starts programs: it starts a small stand-in, which hands its input
 * over and prints what it gets back. So every change is at hand with its old value, nothing is written to disk, Secrets
 * least of all, and the build ends as it would with the function itself.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { formatProblems } from '../errors.ts';
import { callFunction, type FunctionCall } from '../report/call.ts';
import { hasErrors } from '../run.ts';
import { PLUGIN_FOLDER } from './package-root.ts';

/** Folders from the plugin home down to the function's own file. */
const FUNCTION = [...PLUGIN_FOLDER.split('/'), 'DomainConfig'];

/**
 * Makes a plugin home whose function runs here, in a folder that is empty; the other plugins of the plugin home stay in place. `calls`
 * has every call so far, in order: one for each DomainConfig.
 */
export async function startStandIn(folder: string, pluginHome: string) {
  const calls: FunctionCall[] = [];
  const socket = socketIn(folder);
  const home = join(folder, 'home');
  linkExcept(pluginHome, home, FUNCTION);
  writeProgram(join(home, ...FUNCTION), socket);
  const server = await listen(socket, (config, input) => {
    const call = callFunction(config, input);
    calls.push(call);
    return call;
  });
  return { home, calls, server };
}

/** Windows has names for sockets instead of files. */
function socketIn(folder: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'socket');
}

/** Links everything of a folder but the file at a path below it; the folders on the way are made anew. */
function linkExcept(from: string, to: string, [first = '', ...rest]: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  const names = existsSync(from) ? readdirSync(from) : [];
  for (const name of names) if (name !== first) symlinkSync(join(from, name), join(to, name));
  if (rest.length > 0) linkExcept(join(from, first), join(to, first), rest);
}

/** What it sends: the length of the config, a line feed, the config, the input. What it gets: status, line feed, bytes. */
function writeProgram(path: string, socket: string): void {
  const program = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const config = readFileSync(process.argv[2]);
const socket = require('node:net').connect(${JSON.stringify(socket)});
const answer = [];
socket.on('data', (bytes) => answer.push(bytes));
socket.on('end', () => {
  const bytes = Buffer.concat(answer);
  process.exitCode = bytes[0] === 0x30 ? 0 : 1;
  (process.exitCode === 0 ? process.stdout : process.stderr).write(bytes.subarray(2));
});
socket.end(Buffer.concat([Buffer.from(config.length + '\\n'), config, readFileSync(0)]));
`;
  writeFileSync(path, program, { mode: 0o755 });
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
