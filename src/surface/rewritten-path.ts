/**
 * The path under which a request reaches its backend, where an entry changes it.
 *
 * Sources: ingress-nginx, "Rewrite"; HAProxy Ingress, "Rewrite target"; haproxytech/kubernetes-ingress, `path-rewrite`; NGINX Inc., `rewrites`;
 * Kong, "strip-path"; Traefik, "ReplacePath", "ReplacePathRegex", "StripPrefix", "AddPrefix"; Gateway API, "HTTPURLRewriteFilter".
 */
import type { Manifests } from '../manifests/manifests.ts';
import { MIDDLEWARES, middlewaresOf } from '../manifests/middleware.ts';
import type { Resource } from '../manifests/resource.ts';
import { rulesOf } from '../manifests/route.ts';
import { getIn, type JsonObject, list, objectAt, strings } from '../yaml/json.ts';
import type { Entry, EntryPath } from './entry.ts';
import { changesPath } from './rewrites.ts';

/** `path` is undefined where something changes it and nobody can tell how. */
interface Rewritten {
  path: string | undefined;
  /** Where that is said: `metadata.annotations[…]`; undefined where nothing changes the path. */
  place?: string;
}

/** @param url - a path that the entry's path takes */
export function rewritten(
  entry: Entry,
  path: EntryPath,
  url: string,
  manifests: Manifests,
): Rewritten {
  return entry.form === 'route'
    ? byFilter(entry.resource, path, url)
    : byMarks(entry.resource, path, url, manifests);
}

function byFilter(route: Resource, { path, place }: EntryPath, url: string): Rewritten {
  const index = Number(/^spec\.rules\[(\d+)\]/.exec(place)?.[1]);
  const filters = list(rulesOf(route)[index]?.['filters']);
  const position = filters.findIndex(({ type }) => type === 'URLRewrite');
  const where = `spec.rules[${index}].filters`;
  if (filters.some(({ type }) => type === 'ExtensionRef')) return { path: undefined, place: where };
  const change = objectAt(filters[position], ['urlRewrite', 'path']);
  const { replaceFullPath: full, replacePrefixMatch: prefix } = change;
  const found = `${where}[${position}].urlRewrite.path`;
  if (typeof full === 'string') return { path: full, place: found };
  if (typeof prefix !== 'string') return { path: url };
  const rest = url.slice(path.replace(/\/$/, '').length);
  return { path: `${prefix.replace(/\/$/, '')}${rest}`, place: found };
}

function byMarks(ingress: Resource, path: EntryPath, url: string, manifests: Manifests): Rewritten {
  const keys = Object.keys(ingress.annotations).filter(changesPath);
  const [first] = keys;
  if (first === undefined) return { path: url };
  const place = `metadata.annotations[${first}]`;
  // Two that change the path, one after the other, are more than is read here.
  if (keys.length > 1) return { path: undefined, place };
  return { path: readMark(first, ingress, path, url, manifests), place };
}

function readMark(
  key: string,
  ingress: Resource,
  { path, backend }: EntryPath,
  url: string,
  manifests: Manifests,
): string | undefined {
  const value = ingress.annotation(key) ?? '';
  const plain = path.replace(/\/$/, '');
  switch (key) {
    case 'nginx.ingress.kubernetes.io/rewrite-target':
      return replaced(url, `^${path}`, 'i', value);
    case 'haproxy-ingress.github.io/rewrite-target':
      return url.startsWith(plain)
        ? `${value.replace(/\/$/, '')}${url.slice(plain.length)}`
        : undefined;
    case 'haproxy.org/path-rewrite': {
      const [from = '', to, ...more] = value.split(/\s+/);
      if (more.length > 0) return undefined;
      return to === undefined ? from : inside(url, from, to.replaceAll(/\\(\d)/g, '$$$1'));
    }
    case 'nginx.org/rewrites': {
      const rows = value.split(';').map((row) => /serviceName=(\S+)\s+rewrite=(\S+)/.exec(row));
      const to = rows.find((row) => row?.[1] === backend.name)?.[2];
      if (to === undefined) return url;
      return `${to.replace(/\/$/, '')}${url.slice(plain.length)}`;
    }
    case 'konghq.com/strip-path':
      return value === 'true' ? url.slice(plain.replace(/^\/~/, '').length) : url;
    case MIDDLEWARES:
      return throughMiddlewares(ingress, url, manifests);
    default:
      return undefined;
  }
}

/** nginx writes the value in place of the whole path. */
function replaced(url: string, source: string, flags: string, value: string): string | undefined {
  try {
    const match = new RegExp(source, flags).exec(url);
    return match
      ? value.replaceAll(/\$(\d)/g, (_, group) => match[Number(group)] ?? '')
      : undefined;
  } catch {
    return undefined;
  }
}

function inside(url: string, source: string, value: string): string | undefined {
  try {
    return url.replace(new RegExp(source), value);
  } catch {
    return undefined;
  }
}

function throughMiddlewares(ingress: Resource, url: string, manifests: Manifests) {
  let result: string | undefined = url;
  for (const middleware of middlewaresOf(ingress, manifests))
    result = middleware && result !== undefined ? through(middleware, result) : undefined;
  return result;
}

function through({ json }: Resource, url: string): string | undefined {
  const spec: JsonObject = objectAt(json, ['spec']);
  if ('chain' in spec || 'plugin' in spec) return undefined;
  const full = getIn(spec, ['replacePath', 'path']);
  if (typeof full === 'string') return full;
  const added = getIn(spec, ['addPrefix', 'prefix']);
  if (typeof added === 'string') return `${added}${url}`;
  const stripped = strings(getIn(spec, ['stripPrefix', 'prefixes'])).find((prefix) =>
    url.startsWith(prefix),
  );
  if (stripped !== undefined) {
    const rest = url.slice(stripped.length);
    return rest.startsWith('/') ? rest : `/${rest}`;
  }
  const regex = getIn(spec, ['replacePathRegex', 'regex']);
  const to = getIn(spec, ['replacePathRegex', 'replacement']);
  if (typeof regex === 'string' && typeof to === 'string')
    return inside(url, regex, to.replaceAll(/\$\{(\d)\}/g, '$$$1'));
  return 'stripPrefixRegex' in spec ? undefined : url;
}
