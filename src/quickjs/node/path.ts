/** `node:path` for the function in the static executable, which runs on Linux only: what the function uses of it. */
export const sep = '/';

/** Source: Node.js, "Path", `path.normalize`, `path.join`, `path.resolve` and `path.relative`. */
export const posix = { normalize, join, resolve, relative };

function normalize(path: string): string {
  const root = path.startsWith('/') ? '/' : '';
  const found = root + segmentsOf(path).join('/');
  const end = path.endsWith('/') && found !== '/' ? '/' : '';
  return `${found || '.'}${end}`;
}

function join(...paths: string[]): string {
  return normalize(paths.filter(Boolean).join('/'));
}

/** From the root, where no path before it is absolute: the function has no current folder. */
function resolve(...paths: string[]): string {
  const start = paths.findLastIndex((path) => path.startsWith('/'));
  return `/${segmentsOf(`/${paths.slice(Math.max(start, 0)).join('/')}`).join('/')}`;
}

function relative(from: string, to: string): string {
  const [left, right] = [segmentsOf(resolve(from)), segmentsOf(resolve(to))];
  const differing = left.findIndex((part, index) => part !== right[index]);
  const shared = differing < 0 ? left.length : differing;
  return [...left.slice(shared).map(() => '..'), ...right.slice(shared)].join('/');
}

/** Without `.`, and without what `..` leads out of. */
function segmentsOf(path: string): string[] {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const isUp = part === '..';
    if (isUp && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isUp || !path.startsWith('/')) kept.push(part);
  }
  return kept;
}
