/** The child of `renderInChild`: counts its steps on the disk, and kills itself before one of them. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { CommandError, formatCommandError } from '../../src/cli/io.ts';
import type { Work } from './killed-render.ts';
import { opened } from './rendered-tree.ts';

const CHANGING = [
  'mkdirSync',
  'writeFileSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'unlinkSync',
  'copyFileSync',
  'linkSync',
  'chmodSync',
  'chownSync',
  'utimesSync',
] as const;

async function main(): Promise<void> {
  const { folder, environments, all, killAt, pause, umask, addAt, added, noLinks }: Work =
    JSON.parse(process.argv[2] ?? '');
  if (umask !== undefined) process.umask(umask);
  const { mkdirSync: makeFolder, writeFileSync: writeFile } = fs;
  let steps = 0;
  for (const name of CHANGING) {
    const original = fs[name] as (...words: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...words: unknown[]) => {
        steps += 1;
        if (steps === killAt) process.kill(process.pid, 'SIGKILL');
        if (steps === addAt && added !== undefined) {
          makeFolder(dirname(added), { recursive: true });
          writeFile(added, 'mine');
        }
        return original(...words);
      },
    });
  }
  if (noLinks)
    fs.linkSync = () => {
      throw Object.assign(new Error('no links here'), { code: 'EPERM', syscall: 'link' });
    };
  try {
    const write = await opened(folder);
    if (pause !== undefined) await new Promise((done) => setTimeout(done, pause));
    await write(environments, all);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(formatCommandError(error));
    process.exitCode = error.status;
  }
  process.stdout.write(String(steps));
}

main();
