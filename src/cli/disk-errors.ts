/** What a disk refuses to a command that writes: full, read-only, not ours, names that are too long; and what to do then. */
import { isSystemError, systemReason } from '../system-error.ts';
import { CommandError, type ExitStatus } from './io.ts';

type Answer = readonly [ExitStatus, string];

const MAKE_ROOM: Answer = [1, 'make room and run it again'];
const NO_RIGHT: Answer = [2, 'name another place, or give this user the right to write there'];
const NO_FOLDER: Answer = [2, 'name a path of folders'];
const NOT_IN_ONE_STEP: Answer = [
  2,
  'it cannot be replaced as a whole: name a folder in it, or remove it first',
];
const TOO_MANY_FILES: Answer = [1, 'run it again, or raise `ulimit -n`'];

/** Exit status and what to do. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  ENOSPC: MAKE_ROOM,
  EDQUOT: MAKE_ROOM,
  EFBIG: [1, 'raise `ulimit -f` and run it again'],
  ENOENT: [2, 'name a path in a folder that exists'],
  EISDIR: [2, 'name a file'],
  EROFS: [2, 'name a place on a disk that can be written to'],
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  ENAMETOOLONG: [2, 'name a shorter path'],
  ELOOP: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
  EBUSY: NOT_IN_ONE_STEP,
  EXDEV: NOT_IN_ONE_STEP,
  EEXIST: [1, 'give one of the two another name: some disks do not tell upper from lower case'],
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
};

/**
 * The message for an error of a call on files; `what` begins it: `--out rendered cannot be written`. Anything that is no such error
 * comes back as it is, for `throw`.
 */
export function diskError(error: unknown, what: string): unknown {
  if (!isSystemError(error)) return error;
  const { code = '', path } = error;
  const [status, fix] = ANSWERS[code] ?? [1, 'run it again'];
  const place = path === undefined || what.includes(path) ? '' : `${path}: `;
  return new CommandError(status, `${what}: ${place}${systemReason(error)}`, fix);
}

/** Whether an error is one of a call on files, with one of these codes: `ENOENT`. */
export function isDiskError(error: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(error) && codes.includes(error.code ?? '');
}
