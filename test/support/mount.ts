/** Disks of every kind for tests, mounted for a while. */
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** Throws where this user may not do that. */
export async function asRoot(command: readonly string[]): Promise<void> {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [program = '', ...words] = [...sudo, ...command];
  await execa(program, words);
}

let isSaid = false;

/** Runs with a disk of its own. Where none can be mounted it is left out and says so; in CI that is a failure. */
export async function withMount(
  options: readonly string[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder();
  try {
    await asRoot(['mount', ...options, folder]);
  } catch (error) {
    if (process.env.CI) throw error;
    if (!isSaid) process.stdout.write(`left out, because no disk can be mounted here: ${error}\n`);
    isSaid = true;
    return;
  }
  try {
    await work(folder);
  } finally {
    await asRoot(['umount', '-l', folder]);
  }
}
