/** Reading what comes on standard input, or from a file that is open already. */
import { Readable } from 'node:stream';
import { LARGEST_FILE } from '../../read-file.ts';
import { isSystemError, systemReason } from '../../system-error.ts';
import { isTerminal } from '../colors.ts';
import { CommandError, UsageError } from '../io.ts';

/** All bytes of a stream until its other end is closed; `name` is what messages call it. */
export async function readStream(name: string, stream: Readable): Promise<Buffer> {
  if (isTerminal(stream))
    throw new UsageError(
      `${name} is a terminal`,
      'pipe manifests into it: helm template prod ./chart | ma-overlays check -',
    );
  // Node.js has an empty stream in place of a folder, and of a socket that is not a stream.
  if (stream === process.stdin && Object.getPrototypeOf(stream) === Readable.prototype)
    throw new UsageError(`${name} is neither a file nor a pipe`);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      parts.push(Buffer.from(part));
      length += part.length;
      if (length > LARGEST_FILE)
        throw new CommandError(1, `${name} has more than ${LARGEST_FILE / 2 ** 20} MiB`);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(1, `${name} cannot be read: ${systemReason(error)}`);
  }
  return Buffer.concat(parts);
}
