/** One process at a time, on any disk: also where the one before was killed. */
import { createHash, randomBytes } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDiskError } from './disk-errors.ts';
import { CommandError } from './io.ts';

/** How long another process is waited for, in milliseconds: it holds the lock while it writes, not while it builds. */
const PATIENCE = 30_000;

/** A process, as the name of its empty file in the folder of the lock says. */
interface Owner {
  pid: number;
  /** When it began, in the kernel's own count; empty where that cannot be known. */
  start: string;
  /** Of this start of the computer; empty where that cannot be known. */
  boot: string;
  /** Of the container that the process id counts in. */
  space: string;
  host: string;
}

const OWNER_FILE = /^lock-(\d+)-(\d*)-([0-9a-f]*)-([0-9a-f]*)-[0-9a-f]{8}-(.*)$/;

/**
 * Runs `work`, which has to be synchronous, while no other process does the same with this folder. The folder is made, and goes away
 * again when nothing is left in it. `what` begins the message where another process keeps it for longer than `patience`.
 *
 * Each process that wants the lock makes a file with its own name, and has the lock when there is no other one. A name is made and taken
 * away in one step, and says whose it is: nobody can take away the file of a living process by mistake.
 */
export async function withLock<T>(
  folder: string,
  what: string,
  work: () => T,
  patience = PATIENCE,
): Promise<T> {
  const name = `lock-${ownerWords(thisProcess())}`;
  for (const end = Date.now() + patience; ; ) {
    const other = tryLock(folder, name);
    if (other === undefined)
      try {
        return work();
      } finally {
        unlock(folder, name);
      }
    if (Date.now() > end) {
      const owner = readOwner(other) as Owner;
      const place = owner.host === hostName() ? '' : ` on ${owner.host}`;
      throw new CommandError(
        1,
        `${what}: process ${owner.pid}${place} is working on it`,
        `run it again when that has ended; if it has, remove ${join(folder, other)}`,
      );
    }
    await setTimeout(10 + Math.random() * 40);
  }
}

/** The file of another process that is alive; undefined where the lock is ours now. */
function tryLock(folder: string, name: string): string | undefined {
  for (;;) {
    makePrivateFolder(folder);
    try {
      writeFileSync(join(folder, name), '', { flag: 'wx' });
      break;
    } catch (error) {
      // Another process took the folder away in between.
      if (isDiskError(error, 'ENOENT')) continue;
      unlock(folder, name);
      throw error;
    }
  }
  for (const other of readdirSync(folder)) {
    const owner = readOwner(other);
    if (owner === undefined || other === name) continue;
    if (mayLive(owner)) {
      unlock(folder, name);
      return other;
    }
    rmSync(join(folder, other), { force: true });
  }
  return undefined;
}

function unlock(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // Something is left in it, or another process is there.
  }
}

/** Without a right for others, because what is written there is not finished. */
function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isDiskError(error, 'EEXIST')) throw error;
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory())
      throw new CommandError(
        2,
        `${folder} is needed for work in progress, and is not a folder`,
        `move ${basename(folder)} elsewhere`,
      );
  }
}

function readOwner(name: string): Owner | undefined {
  const [, pid, start = '', boot = '', space = '', host = ''] = OWNER_FILE.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), start, boot, space, host };
}

function ownerWords({ pid, start, boot, space, host }: Owner): string {
  return [pid, start, boot, space, randomBytes(4).toString('hex'), host].join('-');
}

function thisProcess(): Owner {
  return {
    pid: process.pid,
    start: startOf(process.pid)?.start ?? '',
    boot: shortHash(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    space: shortHash(() => readlinkSync('/proc/self/ns/pid')),
    host: hostName(),
  };
}

/** False only where it is certain that the process has ended. */
function mayLive(owner: Owner): boolean {
  const own = thisProcess();
  if (owner.host !== own.host) return true;
  if (owner.boot !== own.boot) return false;
  if (owner.space !== own.space) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isDiskError(error, 'ESRCH')) return false;
  }
  const found = startOf(owner.pid);
  if (found === undefined) return true;
  // A zombie has ended, though nobody has asked for its exit status; another start is another process with the same number.
  return !'ZX'.includes(found.state) && (owner.start === '' || found.start === owner.start);
}

/** From Linux' /proc (proc_pid_stat(5), fields 3 and 22); undefined elsewhere. */
function startOf(pid: number): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function shortHash(read: () => string): string {
  try {
    return createHash('sha256').update(read()).digest('hex').slice(0, 8);
  } catch {
    return '';
  }
}

/** In letters that a file name takes. */
function hostName(): string {
  return hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 64);
}
