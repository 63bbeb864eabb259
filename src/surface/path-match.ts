/**
 * Whether the path of an entry takes a request.
 *
 * Sources: Kubernetes, "Ingress", "Path types" (Prefix goes element by element); Gateway API, "HTTPPathMatch"; ingress-nginx, "Ingress Path
 * Matching" (expressions, without case, from the beginning); Traefik, "Path Matching" (PathPrefix goes letter by letter); NGINX Inc., `location`
 * blocks (so do they).
 */
import type { ControllerName } from '../controllers/index.ts';
import type { Entry, EntryPath } from './entry.ts';

/** One call of the API, as browsers and gRPC clients name it. */
export const CALL = '/michelangelo.api.v2.ProjectService/ListProject';

/** Controllers to which a Prefix is any beginning of the path. */
const BY_LETTERS: readonly ControllerName[] = ['traefik', 'nginx-inc'];

/** Signs of an expression; a star at the end alone is a wildcard of load balancers. */
const EXPRESSION = /[()[\]|^$\\+?{}]|\*(?!$)|\.\*/;

const REGEX_MARKS = [
  'nginx.ingress.kubernetes.io/use-regex',
  'nginx.ingress.kubernetes.io/rewrite-target',
];

/**
 * Undefined where that is up to headers, or to a controller that reads the path in a way that is not known here.
 * @param method - of the request
 */
export function takes(
  entry: Entry,
  path: EntryPath,
  url: string,
  method = 'POST',
): boolean | undefined {
  const asked = path.match?.['method'];
  if (typeof asked === 'string' && asked !== method) return false;
  if (isUpToMore(path)) return undefined;
  return entry.form === 'route' ? routeTakes(entry, path, url) : ingressTakes(entry, path, url);
}

/** Whether something besides path and method decides. */
export function isUpToMore({ isConditional, match }: EntryPath): boolean {
  if (match === undefined) return isConditional;
  return ['headers', 'queryParams'].some((key) => match[key] !== undefined);
}

function routeTakes({ resource }: Entry, { path, type }: EntryPath, url: string) {
  if (resource.kind === 'TLSRoute') return true;
  if (resource.kind === 'GRPCRoute') {
    if (path === '/' || path === '/*/*') return true;
    // One of the API's services by its name says nothing of the others.
    return path.startsWith('/*/') || path.startsWith('/michelangelo.api.') ? undefined : false;
  }
  if (type === 'RegularExpression') return expressionTakes(`^(?:${path})$`, '', url);
  return type === 'Exact' ? path === url : startsWithElements(url, path);
}

function ingressTakes(
  { resource, controllers }: Entry,
  { path, type }: EntryPath,
  url: string,
): boolean | undefined {
  if (type === 'Exact') return path === url;
  const isNginx = controllers.includes('ingress-nginx') || controllers.length === 0;
  const isMarked = REGEX_MARKS.some((key) => Boolean(resource.annotation(key)));
  if (isNginx && isMarked) return expressionTakes(`^${path}`, 'i', url);
  if (EXPRESSION.test(path)) {
    // Read as an expression or as it is written, it may still take none of them.
    const isLiteral = url.startsWith(path);
    return isLiteral || expressionTakes(`^${path}`, 'i', url) !== false ? undefined : false;
  }
  const plain = path.replace(/\*$/, '');
  if (startsWithElements(url, plain)) return true;
  if (!url.startsWith(plain)) return false;
  if (path.endsWith('*')) return true;
  const isByLetters = (name: ControllerName) => BY_LETTERS.includes(name);
  // What goes letter by letter in one controller goes element by element in another.
  if (type !== 'Prefix') return undefined;
  if (controllers.length === 0 || controllers.some(isByLetters))
    return controllers.length > 0 && controllers.every(isByLetters) ? true : undefined;
  return false;
}

function startsWithElements(url: string, path: string): boolean {
  const plain = path.replace(/\/$/, '');
  return url === plain || url.startsWith(`${plain}/`);
}

function expressionTakes(source: string, flags: string, url: string): boolean | undefined {
  try {
    return new RegExp(source, flags).test(url);
  } catch {
    return undefined;
  }
}
