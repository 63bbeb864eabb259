/**
 * The beginning of a path that an entry takes away before a request reaches its backend.
 *
 * Sources: ingress-nginx "Rewrite" (`rewrite-target` with captures of the path), haproxy-ingress "Rewrite target" (in place of the path), Kong
 * "strip-path", Gateway API "HTTPURLRewriteFilter".
 */
import type { Resource } from '../manifests/resource.ts';
import { rulesOf } from '../manifests/route.ts';
import { asText, getIn, list } from '../yaml/json.ts';
import type { Entry, EntryPath } from './entry.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/** Annotations by which an Ingress changes the path in a way that is not read here. */
const CHANGES = /rewrite|strip|replace-path|middlewares|transforms|snippet|request-redirect/i;

/** Whether an annotation may change the path under which a request reaches its backend. */
export function changesPath(key: string): boolean {
  return CHANGES.test(key);
}

/** Whether an annotation has to do with what an entry takes away, or with how its paths are read then. */
export function isRewrite(key: string): boolean {
  return /\/(?:rewrite-target|use-regex|strip-path)$/.test(key);
}

/** A path of literal segments, and then what the rest is caught by. */
const CAUGHT = /^((?:\/[\w.~-]+)+)(\(\/\|\$\)\(\.\*\)|\/\(\.\*\)|\/\?\(\.\*\))$/;

/** `/api`; `unknown` where something changes the path and nobody can tell how; undefined where nothing does. */
type TakenAway = { prefix: string; by: string } | 'unknown' | undefined;

function takenAway(entry: Pick<Entry, 'form' | 'resource'>, path: EntryPath): TakenAway {
  return entry.form === 'route'
    ? byFilter(entry.resource, path)
    : byAnnotation(entry.resource, path.path);
}

/** `/api` where calls reach Envoy under that path alone, and entries take it away: then it belongs to the URL that the page calls. */
export const pathOfCalls = once((surface) => pathOfCallsAt(surface, () => true));

/**
 * The same for some of the entries' hosts.
 * @param isMeant - which of them count
 */
export function pathOfCallsAt(
  surface: Surface,
  isMeant: (host: string, entry: Entry) => boolean,
): string | undefined {
  const taken = surface
    .entriesOf('envoy')
    .flatMap((entry) =>
      entry.paths
        .filter(({ role, host }) => role === 'envoy' && isMeant(host, entry))
        .map((path) => takenAway(entry, path)),
    );
  const prefixes = new Set(taken.map((one) => (typeof one === 'object' ? one.prefix : undefined)));
  const [prefix] = prefixes;
  return prefixes.size === 1 ? prefix || undefined : undefined;
}

function byAnnotation({ annotations }: Resource, path: string): TakenAway {
  const keys = Object.keys(annotations).filter((key) => CHANGES.test(key));
  if (keys.length === 0) return undefined;
  const [prefix] = keys.flatMap((by) => {
    const found = readAnnotation(by, asText(annotations[by]), path);
    return found === undefined ? [] : [{ prefix: found, by }];
  });
  return prefix ?? 'unknown';
}

function readAnnotation(key: string, value: string, path: string): string | undefined {
  const [prefix, name] = key.split('/');
  const plain = path.replace(/\/$/, '');
  if (prefix === 'konghq.com' && name === 'strip-path') return value === 'true' ? plain : undefined;
  if (name !== 'rewrite-target') return undefined;
  if (prefix === 'haproxy-ingress.github.io') return value === '/' ? plain : undefined;
  const [, literal, rest = ''] = CAUGHT.exec(path) ?? [];
  return value === (rest.startsWith('(') ? '/$2' : '/$1') ? literal : undefined;
}

function byFilter(route: Resource, { path, place }: EntryPath): TakenAway {
  const index = Number(/^spec\.rules\[(\d+)\]/.exec(place)?.[1]);
  const filters = list(rulesOf(route)[index]?.['filters']);
  if (filters.some(({ type }) => type === 'ExtensionRef')) return 'unknown';
  const rewrite = filters.find(({ type }) => type === 'URLRewrite');
  if (!rewrite) return undefined;
  const instead = getIn(rewrite, ['urlRewrite', 'path', 'replacePrefixMatch']);
  if (instead === undefined) return 'unknown';
  return instead === '/' || instead === ''
    ? { prefix: path.replace(/\/$/, ''), by: 'URLRewrite' }
    : 'unknown';
}
