/** `node:path` for the function in the static executable, which runs on Linux only. */
export const sep = '/';
