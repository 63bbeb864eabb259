/** The scheme before a host and the port behind it: where they are those that the base is served with, they follow the config as well. */
import type { HostOccurrence } from '../../net/host-occurrences.ts';
import type { Served } from '../../surface/old-hosts.ts';

/** Each with its secure form. */
const SCHEMES = [
  ['http', 'https'],
  ['ws', 'wss'],
  ['grpc', 'grpcs'],
] as const;

/** What stands in the place of a text from `start` to `end`: more than the host, where scheme or port change too. */
interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** @param host - the new host, written as the occurrence is */
export function replacementFor(
  text: string,
  { start, end }: HostOccurrence,
  host: string,
  old: Served,
  wanted: Served,
): Replacement {
  const bare = { start, end, text: host };
  if (old.isSecure === wanted.isSecure && old.port === wanted.port) return bare;
  const before = /\b([a-z]+)(:(?:\\?\/){2})$/i.exec(text.slice(Math.max(0, start - 16), start));
  const pair = SCHEMES.find((each) => each.some((scheme) => scheme === before?.[1]?.toLowerCase()));
  const written = /^:(\d{1,5})(?!\d)/.exec(text.slice(end, end + 7))?.[1];
  const port = `:${wanted.port}`;
  if (!before || !pair) {
    const isOld = Number(written) === old.port;
    return isOld ? { start, end: end + `:${written}`.length, text: host + port } : bare;
  }
  const [whole, scheme = '', signs = ''] = before;
  const isSecure = scheme.toLowerCase() === pair[1];
  const isOld = isSecure === old.isSecure && Number(written ?? standardPort(isSecure)) === old.port;
  if (!isOld) return bare;
  const isStandard = wanted.port === standardPort(wanted.isSecure);
  return {
    start: start - whole.length,
    end: end + (written === undefined ? 0 : `:${written}`.length),
    text: pair[wanted.isSecure ? 1 : 0] + signs + host + (isStandard ? '' : port),
  };
}

function standardPort(isSecure: boolean): number {
  return isSecure ? 443 : 80;
}
