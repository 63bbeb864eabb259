import { temporaryFolder } from './temporary.ts';

const NAME = 'MA_TEST_FOLDER';

let own: string | undefined;

/** Where built things are kept, for every process of one run of `npm test`, or for this process where it runs alone. */
export function runFolder(): string {
  own ??= process.env[NAME] ?? temporaryFolder();
  return own;
}

/** Shares this process's folder with those that it starts from here on. */
export function shareRunFolder(): void {
  process.env[NAME] = runFolder();
}
