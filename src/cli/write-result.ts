/** Writing a result to the path that a person gave, whatever is there. */
import {
  constants,
  lstatSync,
  readlinkSync,
  realpathSync,
  writeFile as writeFileOrDescriptor,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isSystemError } from '../system-error.ts';
import { descriptorOf } from './descriptor.ts';
import { diskError } from './disk-errors.ts';
import type { Io } from './io.ts';
import { replaceFile } from './replace-file.ts';

const writeDescriptor = promisify(writeFileOrDescriptor);

/** As many links one after the other as Linux follows. */
const MOST_LINKS = 40;

/**
 * Writes the text where `--out` says. A link stays and is followed, also where nothing is at its end yet; a regular file is replaced in one step
 * (`replace-file.ts`); a device, a FIFO, a socket or a file that the shell holds open is written to as it is.
 */
export async function writeResult(argument: string, text: string, io: Io): Promise<void> {
  try {
    await writeTo(resolve(io.cwd, argument), text, io);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Its reader has what it wants.
    if (error.code === 'EPIPE') return;
    // Not that of a draft, which nobody knows.
    error.path = undefined;
    throw diskError(error, `--out ${argument} cannot be written`);
  }
}

async function writeTo(named: string, text: string, io: Io): Promise<void> {
  const path = endOfLinks(named);
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return writeToOpen(descriptor, text, io);
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined || status.isFile()) replaceFile(path, text, status, 'report');
  else if (status.isSocket()) await finished(connect(path).end(text).resume());
  else {
    // Fails for a folder, and waits for the reader of a FIFO, as a shell does.
    const file = await open(path, constants.O_WRONLY);
    await file.writeFile(text).finally(() => file.close());
  }
}

async function writeToOpen(descriptor: number, text: string, io: Io): Promise<void> {
  if (descriptor === 1) io.stdout.write(text);
  else if (descriptor === 2) io.stderr.write(text);
  else await writeDescriptor(descriptor, text);
}

/** The first path on the way through links that is not a link, or is open already: what a shell redirects to may have a name as well. */
function endOfLinks(named: string): string {
  let path = named;
  for (let count = 0; count < MOST_LINKS; count += 1) {
    if (descriptorOf(path) !== undefined) return path;
    path = join(realpathSync(dirname(path)), basename(path));
    if (descriptorOf(path) !== undefined) return path;
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
    path = resolve(dirname(path), readlinkSync(path));
  }
  return realpathSync(named);
}
