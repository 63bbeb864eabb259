/** From the function's script to one static executable of Linux. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot, toolsFolder } from '../paths.ts';
import { ENGINE_VERSION, provideCompiler, provideEngineSource, TOOLS_VERSION } from './tools.ts';

/** As Linux names machines, with zig's names for them. */
export const TARGETS = { x86_64: 'x86_64-linux-musl', arm64: 'aarch64-linux-musl' } as const;
export type Architecture = keyof typeof TARGETS;
/** Of this machine. */
export const OWN: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

const ENGINE = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'dtoa'];
/** Nothing in what comes out may depend on a folder or on this machine's processor. */
const FLAGS = [
  `-DCONFIG_VERSION="${ENGINE_VERSION}"`,
  '-D_GNU_SOURCE',
  ...['-std=gnu11', '-O2', '-g0', '-fwrapv', '-fno-sanitize=undefined', '-Wno-everything'],
];
const HOST = 'src/quickjs/host.c';

/** Compiles for both architectures. */
export async function compile(script: Uint8Array): Promise<Map<Architecture, Uint8Array>> {
  const scratch = await mkdtemp(join(tmpdir(), 'ma-static-'));
  try {
    await writeFile(join(scratch, 'function.js'), script);
    await writeFile(join(scratch, 'function.bin'), await bytecode(scratch));
    await copyFile(join(packageRoot, HOST), join(scratch, 'host.c'));
    const executables = new Map<Architecture, Uint8Array>();
    const source = await provideEngineSource();
    for (const architecture of Object.keys(TARGETS) as Architecture[]) {
      const objects = await engineObjects(architecture);
      const words = ['-static', '-s', `-I${source}`, 'host.c', ...objects, '-o', architecture];
      await call(TARGETS[architecture], words, scratch);
      executables.set(architecture, await readFile(join(scratch, architecture)));
    }
    return executables;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** The script as QuickJS's own compiler prints it, as numbers in C; both architectures read the same bytes. */
async function bytecode(folder: string): Promise<Uint8Array> {
  const words = ['-c', '-m', '-s', '-N', 'function_bytecode', '-o', 'function.c', 'function.js'];
  await execa(await provideScriptCompiler(), words, { cwd: folder });
  const text = await readFile(join(folder, 'function.c'), 'utf8');
  const bytes = text.slice(text.indexOf('{')).match(/0x[0-9a-f]{2}/g) ?? [];
  return Uint8Array.from(bytes, Number);
}

/** QuickJS's compiler of scripts, for this machine. */
async function provideScriptCompiler(): Promise<string> {
  const objects = await engineObjects(OWN);
  const path = join(objects[0] as string, '../qjsc');
  if (existsSync(path)) return path;
  const words = ['-static', 'qjsc.c', 'quickjs-libc.c', ...objects, '-o', `${path}.new`];
  await call(TARGETS[OWN], words, await provideEngineSource());
  await rename(`${path}.new`, path);
  return path;
}

/** The engine, compiled once for each set of flags and sources. */
async function engineObjects(architecture: Architecture): Promise<string[]> {
  const compiler = await provideCompiler();
  const key = createHash('sha256')
    .update(JSON.stringify([TOOLS_VERSION, FLAGS, compiler, ENGINE]))
    .digest('hex');
  const folder = join(toolsFolder, `engine-${key.slice(0, 12)}`, architecture);
  const objects = ENGINE.map((name) => join(folder, `${name}.o`));
  if (existsSync(folder)) return objects;
  const scratch = `${folder}.${process.pid}`;
  await mkdir(scratch, { recursive: true });
  const source = await provideEngineSource();
  for (const name of ENGINE)
    await call(
      TARGETS[architecture],
      ['-c', `${name}.c`, '-o', join(scratch, `${name}.o`)],
      source,
    );
  await rename(scratch, folder);
  return objects;
}

async function call(target: string, words: readonly string[], cwd: string): Promise<void> {
  const [command, ...first] = await provideCompiler();
  const env = {
    ZIG_GLOBAL_CACHE_DIR: join(toolsFolder, 'zig-cache'),
    ZIG_LOCAL_CACHE_DIR: join(toolsFolder, 'zig-cache'),
  };
  await execa(command, [...first, '-target', target, ...FLAGS, ...words], { cwd, env });
}
