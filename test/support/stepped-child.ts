/** The child of `runStepped`: the whole command line, which counts its steps on a disk. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { main } from '../../src/cli/main.ts';
import type { Steps } from './stepped.ts';

const CHANGING = [
  'chmodSync',
  'chownSync',
  'copyFileSync',
  'cpSync',
  'fchmodSync',
  'fchownSync',
  'fsyncSync',
  'ftruncateSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'unlinkSync',
  'writeFileSync',
  'writeSync',
] as const;

type Call = (...words: unknown[]) => unknown;

const { words, folder, at, command, fail }: Steps = JSON.parse(process.argv[2] ?? '');
let count = 0;

/** Files of the folder that are open. */
const open = new Set<unknown>();
/** Node.js calls some of these from others. */
let depth = 0;

function isCounted(name: string, [first, second]: unknown[]): boolean {
  if (depth > 0) return false;
  if (name === 'openSync' && (second === undefined || second === 'r' || typeof second === 'number'))
    return false;
  return (
    open.has(first) ||
    [first, second].some((path) => typeof path === 'string' && path.startsWith(folder))
  );
}

function isNext(): boolean {
  count += 1;
  return count === at;
}

function interfere(): void {
  if (fail !== undefined)
    throw Object.assign(new Error(fail), { code: fail, errno: -1, syscall: 'write' });
  execFileSync('sh', ['-c', command ?? ''], {
    cwd: folder,
    env: { ...process.env, VICTIM: `${process.pid}` },
  });
}

for (const name of CHANGING) {
  const call = fs[name] as Call;
  const original = (...words: unknown[]) => {
    depth += 1;
    try {
      return call(...words);
    } finally {
      depth -= 1;
    }
  };
  const counted = (...words: unknown[]) => {
    if (!isCounted(name, words)) return original(...words);
    if (isNext()) interfere();
    if (name === 'writeFileSync' && isNext()) return writeWithBreak(original, words);
    const result = original(...words);
    if (name === 'openSync') open.add(result);
    return result;
  };
  Object.assign(fs, { [name]: counted });
}

/** Something happens when half of the file is written. */
function writeWithBreak(write: Call, [path, content, options]: unknown[]): unknown {
  const bytes = Buffer.from(content as string);
  const half = bytes.length / 2;
  write(path, bytes.subarray(0, half), options);
  interfere();
  return open.has(path) ? write(path, bytes.subarray(half)) : write(path, bytes);
}

async function run(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await main(words, { stdin, stdout, stderr, env, cwd: folder });
  fs.writeSync(3, `${count}`);
}

run();
