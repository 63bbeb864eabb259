/** `node:tty` for the function in the static executable. */
import { host } from '../host.ts';

export const isatty = (file: number): boolean => host.isTerminal(file);
