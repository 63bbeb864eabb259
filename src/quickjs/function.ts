/** The entry of the static executable: what src/function.ts is for Node.js. */
import './node/globals.ts';
import { main } from '../protocol/command.ts';
import { readConfig, readStandardInput } from '../protocol/read-input.ts';
import { readRegularFile } from '../read-file.ts';
import { systemReason } from '../system-error.ts';
import { host } from './host.ts';

const { stdout, stderr, status } = main(host.words(), {
  isFromKustomize: host.environment('KUSTOMIZE_PLUGIN_CONFIG_STRING') !== undefined,
  readConfig,
  readManifests: readRegularFile,
  readStandardInput,
});
let exitStatus: number = status;
try {
  host.write(2, new Uint8Array(host.encode(stderr)));
} catch {
  // Nobody is there to be told.
}
try {
  for (const piece of stdout) host.write(1, piece);
} catch (error) {
  // Whoever reads the output may stop early, as `head` does; a disk that is full is another matter.
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
    exitStatus = 1;
    const reason = systemReason(error as NodeJS.ErrnoException);
    host.write(2, new Uint8Array(host.encode(`error: the output cannot be written: ${reason}\n`)));
  }
}
Object.assign(globalThis, { exitStatus });
