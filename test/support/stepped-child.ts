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
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'unlinkSync',
  'writeFileSync',
  'writeSync',
] as const;

type Call = (...words: unknown[]) => unknown;

const { words, folder, at, command }: Steps = JSON.parse(process.argv[2] ?? '');
let count = 0;

/** Whether it is one of the folder that is looked at, or an open file, which has no name any more. */
function isCounted([first, second]: unknown[]): boolean {
  return (
    typeof first === 'number' ||
    [first, second].some((path) => typeof path === 'string' && path.startsWith(folder))
  );
}

function isNext(): boolean {
  count += 1;
  return count === at;
}

function interfere(): void {
  execFileSync('sh', ['-c', command ?? ''], {
    cwd: folder,
    env: { ...process.env, VICTIM: `${process.pid}` },
  });
}

for (const name of CHANGING) {
  const original = fs[name] as Call;
  Object.assign(fs, {
    [name]: (...words: unknown[]) => {
      if (!isCounted(words)) return original(...words);
      if (isNext()) interfere();
      // A file that is half written.
      if (name === 'writeFileSync' && isNext()) {
        const [path, content, options] = words;
        const half = Buffer.from(content as string).subarray(
          0,
          Buffer.byteLength(content as string) / 2,
        );
        original(path, half, options);
        interfere();
        return typeof path === 'number'
          ? original(path, Buffer.from(content as string).subarray(half.length))
          : original(path, content);
      }
      return original(...words);
    },
  });
}

async function run(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await main(words, { stdin, stdout, stderr, env, cwd: folder });
  fs.writeSync(3, `${count}`);
}

run();
