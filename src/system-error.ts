/** What the operating system says about files, in words: its codes are for programs. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'it exists already',
  EFBIG: 'the file would be too large',
  EIO: 'the disk has a fault',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file',
  ENOTEMPTY: 'the folder is not empty',
  EXDEV: 'it is on another disk, or in a lower layer of an image',
  ENXIO: 'nothing is at its other end',
  EPERM: 'the operation is not permitted',
  EROFS: 'the disk is read-only',
  ERR_ACCESS_DENIED: 'the permission model of Node.js forbids it',
};

/** Whether a call to the operating system failed: the disk or its permissions, and no mistake of this program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === 'string' && typeof syscall === 'string';
}

/** `the disk is full (ENOSPC)`. */
export function systemReason({ code = 'unknown' }: NodeJS.ErrnoException): string {
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : code;
}
