/** The process that makes something, in the name of what it makes: so that another can tell whether it still runs. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError } from '../system-error.ts';

/** A process, as the name of a file or folder says. */
export interface Owner {
  pid: number;
  /** When it began, in the kernel's own count; empty where that cannot be known. */
  start: string;
  /** Of this start of the computer; empty where that cannot be known. */
  boot: string;
  /** Of the container that the process id counts in. */
  space: string;
  host: string;
}

const WORDS = /^(\d+)-(\d*)-([0-9a-f]*)-([0-9a-f]*)-[0-9a-f]{8}-(.*)$/;

/** This process as the end of a file name, another one with each call. */
export function ownerWords(): string {
  const { pid, start, boot, space, host } = thisProcess();
  return [pid, start, boot, space, randomBytes(4).toString('hex'), host].join('-');
}

/** Reads such an end of a file name; undefined where it is none. */
export function readOwner(words: string): Owner | undefined {
  const [, pid, start = '', boot = '', space = '', host = ''] = WORDS.exec(words) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), start, boot, space, host };
}

/** False only where it is certain that the process has ended. */
export function mayLive(owner: Owner): boolean {
  const own = thisProcess();
  if (owner.host !== own.host) return true;
  if (owner.boot !== own.boot) return false;
  if (owner.space !== own.space) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ESRCH') return false;
  }
  const found = startOf(owner.pid);
  if (found === undefined) return true;
  // A zombie has ended, though nobody has asked for its exit status; another start is another process with the same number.
  return !'ZX'.includes(found.state) && (owner.start === '' || found.start === owner.start);
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

const LONGEST_HOST = 24;

/** This computer's name, in letters that a file name takes, and so short that a socket's path does too. */
export function hostName(): string {
  const name = hostname().replaceAll(/[^A-Za-z0-9._-]/g, '_');
  return name.length <= LONGEST_HOST ? name : `${name.slice(0, 15)}-${shortHash(() => name)}`;
}
