#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bundle = new URL('../../dist/cli.js', import.meta.url);
const { stdin, stdout, stderr, env } = process;
// Whoever reads our output may stop early (`| head`): that is no error of ours.
for (const stream of [stdout, stderr])
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
if (existsSync(bundle)) {
  const { main } = await import(bundle.href);
  process.exitCode = await main(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
  });
} else {
  stderr.write(
    'error: the command line is not built yet\n  mend      npm run build, in the folder of michelangelo-overlays\n',
  );
  process.exitCode = 2;
}
