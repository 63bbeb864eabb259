/** The entry of the bundle: bytes in, bytes out, exit status. */
import { readFileSync } from 'node:fs';
import { main, readsStdin } from './protocol/command.ts';

const words = process.argv.slice(2);
const stdin = readsStdin(words) ? readFileSync(0) : Buffer.alloc(0);
const { stdout, stderr, status } = main(words, stdin, (path) => readFileSync(path));
// No process.exit: it would cut off what a pipe has not taken yet.
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
