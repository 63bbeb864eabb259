/** Calls the command line in this process and collects what it prints. */
import { Readable, Writable } from 'node:stream';
import type { ExitStatus } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

export interface CommandLineResult {
  status: ExitStatus;
  stdout: string;
  stderr: string;
}

/** Where a call happens; the environment is this process's own unless given. */
export interface Place {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  stdin?: string;
}

/** `run(['render', 'overlays/dev'], {cwd})`. */
export async function run(words: readonly string[], place: Place): Promise<CommandLineResult> {
  const stdout = collector();
  const stderr = collector();
  const { KUSTOMIZE: _, ...environment } = process.env;
  const status = await main(words, {
    stdin: Readable.from([place.stdin ?? '']),
    stdout,
    stderr,
    env: place.env ?? environment,
    cwd: place.cwd,
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): Writable & { text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString('utf8') });
}
