/** Files that are already open, under the names that a shell gives them: `<(helm template …)` is `/dev/fd/63`. */

const NAMES: Readonly<Record<string, number>> = {
  '/dev/stdin': 0,
  '/dev/stdout': 1,
  '/dev/stderr': 2,
};

/** The number of an open file that a path names; undefined for any other path. */
export function descriptorOf(path: string): number | undefined {
  const match = /^\/(?:dev|proc\/(?:self|thread-self|(\d+)))\/fd\/(\d+)$/.exec(path);
  if (match === null) return Object.hasOwn(NAMES, path) ? NAMES[path] : undefined;
  const [, owner, number] = match;
  const isOurs = owner === undefined || Number(owner) === process.pid;
  return isOurs ? Number(number) : undefined;
}
