/** The entry of the bundle: bytes in, bytes out, exit status. */
import { setFlagsFromString } from 'node:v8';
import { main } from './protocol/command.ts';
import { readConfig, readStandardInput } from './protocol/read-input.ts';
import { readRegularFile } from './read-file.ts';
import { systemReason } from './system-error.ts';

const OLDEST_NODE = 20;

/**
 * The room for new objects stays as it is at the start: V8 would let it grow to 32 MB, as much as 50,000 resources are long. A call that
 * changes ten thousand resources takes a tenth longer for it.
 */
const SMALL_YOUNG_GENERATION = '--semi-space-growth-factor=1';

/** For the compilers of Node.js 22 and later. */
const OPTIMIZE_LATER = [
  '--invocation-count-for-maglev=4000',
  '--invocation-count-for-turbofan=30000',
];

/**
 * What each Node's V8 is told. It optimizes code ten to fifty times later: most calls run for a tenth of a second, a third of which it would
 * spend on optimizing what then ends; what runs for long still gets optimized. A V8 that does not know a flag says so on standard error, so
 * that others are told nothing.
 */
const V8_FLAGS: Readonly<Record<number, readonly string[]>> = {
  20: ['--interrupt-budget=3000000', SMALL_YOUNG_GENERATION],
  22: [...OPTIMIZE_LATER, SMALL_YOUNG_GENERATION],
  24: [...OPTIMIZE_LATER, SMALL_YOUNG_GENERATION],
};

/** Whoever reads the output may stop early, as `head` does; a disk that is full is another matter. */
function onError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(`error: the output cannot be written: ${systemReason(error)}\n`);
}

function start(): void {
  const { stdout, stderr, status } = main(process.argv.slice(2), {
    // It sets this for plugins of every kind, since before 4.5.4.
    isFromKustomize: process.env['KUSTOMIZE_PLUGIN_CONFIG_STRING'] !== undefined,
    readConfig,
    readManifests: readRegularFile,
    readStandardInput,
  });
  process.exitCode = status;
  // No process.exit: it would cut off what a pipe has not taken yet.
  process.stderr.write(stderr);
  // One call of the system for many pieces.
  process.stdout.cork();
  for (const piece of stdout) process.stdout.write(piece);
  process.stdout.uncork();
}

process.stdout.on('error', onError);
process.stderr.on('error', () => undefined);
const node = Number.parseInt(process.versions.node, 10);
for (const flag of V8_FLAGS[node] ?? []) setFlagsFromString(flag);
if (node < OLDEST_NODE) {
  process.stderr.write(
    `error: Node.js ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}\n  fix       install a newer Node.js, or put it first on PATH\n`,
  );
  process.exitCode = 1;
} else start();
