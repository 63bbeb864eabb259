#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bundle = new URL('../../dist/cli.js', import.meta.url);
const { stdin, stdout, stderr, env } = process;
let isLost = false;
// Whoever reads our output may stop early (`| head`): that is no error of ours.
for (const stream of [stdout, stderr])
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') return;
    isLost = true;
    process.exitCode = 1;
    if (stream === stdout) stderr.write(`error: the output cannot be written: ${error.code}\n`);
  });
const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  stderr.write(
    `error: Node.js ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}\n  mend      install a newer Node.js, or put it first on PATH\n`,
  );
  process.exitCode = 1;
} else if (existsSync(bundle)) {
  const { main } = await import(bundle.href);
  const status = await main(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
  });
  process.exitCode = isLost ? 1 : status;
} else {
  stderr.write(
    'error: the command line is not built yet\n  mend      npm run build, in the folder of michelangelo-overlays\n',
  );
  process.exitCode = 2;
}
