/** Reads a config and standard input, and nothing without an end. Files of manifests are read as everywhere. */
import { constants as bufferLimits } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isatty } from 'node:tty';
import { kindOf } from '../read-file.ts';

/** Something that is not an input: what it is, what was expected, how to fix it. */
export class InputError extends Error {
  readonly found: string;
  readonly expected: string;
  readonly fix: string;

  constructor(found: string, expected: string, fix: string) {
    super(found);
    Object.assign(this, { name: 'InputError' });
    this.found = found;
    this.expected = expected;
    this.fix = fix;
  }
}

/** Bytes. kustomize hands the config over in the environment too, where Linux takes 128 KiB. */
const LARGEST_CONFIG = 256 * 1024;

/** Bytes. What is longer does not fit into one text. */
const LARGEST_INPUT = bufferLimits.MAX_STRING_LENGTH;

/** The config: a file, or a pipe such as a shell makes of `<(command)`. */
export function readConfig(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    const expected = 'a file with a DomainConfig, or a pipe';
    if (!stats.isFile() && !stats.isFIFO())
      throw new InputError(
        kindOf(stats) ?? 'a folder',
        expected,
        'name the file of the DomainConfig',
      );
    const isTooLarge = () =>
      new InputError(
        `more than ${LARGEST_CONFIG} bytes`,
        expected,
        'name the file of the DomainConfig: none is that large',
      );
    return readToEnd(file, LARGEST_CONFIG, isTooLarge);
  } finally {
    closeSync(file);
  }
}

/** Standard input to its end; a terminal is nobody's stream of manifests. */
export function readStandardInput(): Buffer {
  if (isatty(0))
    throw new InputError(
      'a terminal',
      'manifests in a pipe or a file',
      'pipe them in, or name files; `DomainConfig --help` shows every way',
    );
  return readToEnd(0, LARGEST_INPUT, inputTooLarge);
}

function inputTooLarge(): InputError {
  return new InputError(
    `more than ${LARGEST_INPUT} bytes`,
    'manifests that fit into memory',
    'give the manifests of one environment at a time',
  );
}

/** Milliseconds between two looks at a pipe that has nothing yet. */
const PAUSE = 5;

function readToEnd(file: number, most: number, tooLarge: () => InputError): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(64 * 1024);
    const count = readSome(file, part);
    if (count === 0) return Buffer.concat(parts);
    length += count;
    if (length > most) throw tooLarge();
    parts.push(part.subarray(0, count));
  }
}

/** 0 at the end. Who made a pipe may have made it one that does not wait. */
function readSome(file: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(file, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code === 'EISDIR')
        throw new InputError('a folder', 'manifests in a pipe or a file', 'name a file');
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
