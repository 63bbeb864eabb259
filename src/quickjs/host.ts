/** What the static executable gives the function: the calls of host.c, and nothing else of the system. */

/** Calls that the system refuses throw an error with `code` and `syscall`, as those of Node.js do. */
interface Host {
  /** The arguments, without the program's own name. */
  words(): string[];
  environment(name: string): string | undefined;
  /** A descriptor of a file to read. */
  open(path: string, isNonBlocking: boolean): number;
  close(file: number): void;
  /** Of a descriptor, or of what a path leads to. */
  status(file: number | string): { kind: string; size: number };
  isTerminal(file: number): boolean;
  /** How many bytes came; 0 at the end. It waits for the first. */
  read(file: number, into: Uint8Array): number;
  /** Writes all of it. */
  write(file: number, bytes: Uint8Array): void;
  isUtf8(bytes: Uint8Array): boolean;
  /** UTF-8; what is none becomes U+FFFD. */
  decode(bytes: Uint8Array): string;
  /** Each byte as the character of its number. */
  decodeLatin1(bytes: Uint8Array): string;
  encode(text: string): ArrayBuffer;
  /** Where bytes first stand in others; -1 where they do not. */
  find(bytes: Uint8Array, wanted: Uint8Array, from: number): number;
}

export const host = (globalThis as unknown as { host: Host }).host;
