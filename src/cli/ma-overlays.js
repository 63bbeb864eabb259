#!/usr/bin/env node
// Nothing here is newer than Node.js 14, and nothing is imported before the version is known.
const OLDEST = 20;
const NODE = Number.parseInt(process.versions.node, 10);
const { stdout, stderr } = process;
let isLost = false;

// Whoever reads our output may stop early (`| head`): that is not an error of ours. A full disk is.
for (const stream of [stdout, stderr])
  stream.on('error', (error) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.exitCode = process.exitCode || 1;
    if (stream === stdout) fail(1, `standard output cannot be written: ${error.code}`);
  });

start().then((status) => {
  process.exitCode = status || (isLost ? 1 : 0);
});

async function start() {
  if (NODE < OLDEST)
    return fail(
      2,
      `Node.js ${OLDEST} or newer is needed, and this is ${process.versions.node}`,
      'install a newer Node.js, or put it first on PATH',
    );
  // Its V8 has no compiler between the fast and the thorough one, and is thorough too soon for what runs for seconds. See function.ts.
  if (NODE === 20) (await import('node:v8')).setFlagsFromString('--interrupt-budget=1000000');
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const here = fileURLToPath(new URL('../..', import.meta.url));
  const bundle = new URL('../../dist/cli.js', import.meta.url);
  if (!existsSync(bundle))
    return fail(2, 'the command line is not built yet', `npm ci && npm run build, in ${here}`);
  let main;
  try {
    main = (await import(bundle.href)).main;
  } catch (error) {
    return incomplete(error, here);
  }
  let cwd;
  try {
    cwd = process.cwd();
  } catch {
    return fail(2, 'the working directory does not exist any more', 'change to one that does');
  }
  try {
    const { env } = process;
    // Most verbs never look at what stands at the other end.
    const streams = {
      get stdin() {
        return process.stdin;
      },
      stdout,
      stderr,
    };
    return await main(process.argv.slice(2), Object.assign(streams, { env, cwd }));
  } catch (error) {
    // What a verb needs is loaded with it.
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return incomplete(error, here);
    const stack = error instanceof Error ? error.stack : String(error);
    return fail(1, `this is a mistake of ma-overlays: ${firstLine(error)}`, `report it:\n${stack}`);
  }
}

function incomplete(error, here) {
  return fail(2, `this installation is not complete: ${firstLine(error)}`, `npm ci, in ${here}`);
}

/** In the form of all messages. Returns the exit status. */
function fail(status, message, fix) {
  stderr.write(`error: ${message}\n${fix ? `  fix       ${fix}\n` : ''}`);
  return status;
}

function firstLine(error) {
  return String(error).split('\n')[0];
}
