/** Changes that have to do with one host name. */
import { escapeExpression } from '../net/origins.ts';
import { isObject, type Json } from '../yaml/json.ts';
import type { Changes } from './changes.ts';

/** Only what has the host in its new value; a resource that was taken away has none. */
export function keepHost(changes: Changes, host: string): Changes {
  return {
    ...changes,
    changed: changes.changed.filter((change) => holds(change.new, host)),
    added: changes.added.filter(({ json }) => holds(json, host)),
    removed: [],
  };
}

/** Whether a value, or anything in it, holds a host name whole: alone, in an address, in a URL or in an origin's expression. */
export function holds(value: Json | undefined, host: string): boolean {
  if (typeof value === 'string') return mentionsHost(value, host);
  if (Array.isArray(value)) return value.some((item) => holds(item, host));
  return isObject(value) && Object.values(value).some((item) => holds(item, host));
}

function mentionsHost(text: string, host: string): boolean {
  const escaped = escapeExpression(host.toLowerCase());
  // In an expression every dot has a backslash, in a quoted one two.
  const plain = text.toLowerCase().replace(/\\+\./g, '.');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`).test(plain);
}
