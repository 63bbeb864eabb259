/**
 * Origins that browsers send, and the expression by which Envoy recognises them.
 *
 * Sources: RFC 6454 section 6.2 and the Fetch standard (an origin is `scheme://host[:port]`, in lower case, without the
 * scheme's own port); Envoy's `safe_regex` is RE2 and matches the whole header.
 */
import { isIp, isIpv6, printAddress, splitAddress } from './addresses.ts';
import { type HostFault, isReachableHost } from './host-names.ts';
import { parseUrl } from './url.ts';

/** One origin that is allowed, taken apart. */
export interface Origin {
  scheme: 'http' | 'https';
  /** Without the leading `*.` label. */
  host: string;
  /** Whether one label of any name stands before the host. */
  wildcard: boolean;
  /** Empty for the scheme's own port; `*` for every port. */
  port: string;
}

const PORTS = { http: '80', https: '443' } as const;

/** `scheme://host`, with the port where it is not the scheme's own. */
export function originOf(scheme: 'http' | 'https', host: string, port: number): string {
  return String(port) === PORTS[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}

function isPort(text: string): boolean {
  return text === '' || text === '*' || (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535);
}

/** Whether a host is spelled as browsers spell it. */
function isCanonicalHost(host: string): boolean {
  if (!isReachableHost(host)) return false;
  return !isIpv6(host) || new URL(`http://${host}/`).hostname === host;
}

/**
 * Takes an origin apart that is written exactly as browsers send it, with at most one leading `*.` label and port `*`;
 * undefined for anything else.
 */
export function parseOrigin(text: string): Origin | undefined {
  const { scheme, host: written, port = '' } = splitAddress(text);
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  if (printAddress({ scheme, host: written, port: port || undefined }) !== text) return undefined;
  const wildcard = written.startsWith('*.');
  const host = wildcard ? written.slice(2) : written;
  if (!isPort(port) || port === PORTS[scheme] || !isCanonicalHost(host)) return undefined;
  if (wildcard && (isIp(host) || !host.includes('.'))) return undefined;
  return { scheme, host, wildcard, port };
}

/** Everything that means something in an expression, RE2's or JavaScript's, becomes itself. */
export function escapeExpression(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * The RE2 expression for an origin, to be matched against the whole header. The wildcard stands for one label without
 * dots, so that the literal `*` and names further down do not match; port `*` for any port and for none.
 */
export function originExpression(origin: Origin): string {
  const label = origin.wildcard ? '[a-z0-9-]+\\.' : '';
  const ports = { '': '', '*': '(:[0-9]{1,5})?' }[origin.port] ?? `:${origin.port}`;
  return `${origin.scheme}://${label}${escapeExpression(origin.host)}${ports}`;
}

const reasons: readonly [test: RegExp, words: string][] = [
  [/\s/, 'has white space'],
  [/^(?![a-z][a-z0-9+.-]*:\/\/)/i, 'has no scheme'],
  [/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i, 'has a scheme other than http and https'],
  [/^[^:]*:\/\/[^/?#]*@/, 'has a user name'],
  [/^[^:]*:\/\/[^/?#]*\/$/, 'ends in a slash'],
  [/^[^:]*:\/\/[^/?#]*([?#]|\/.)/, 'has a path'],
  [/[^\0-\x7f]/, 'has letters beyond ASCII'],
  [/[A-Z]/, 'has upper-case letters'],
  [
    /^https:\/\/[^/?#]*:443(?![0-9])|^http:\/\/[^/?#]*:80(?![0-9])/i,
    "names the scheme's own port, which browsers leave out",
  ],
  [/^[^:]*:\/\/[^/?#]*\.(?=[:/?#]|$)/, 'ends in a dot'],
  [/^[^:]*:\/\/\*\.[^./:?#]*(?=[:/?#]|$)/, 'has a wildcard over a whole top-level domain'],
  [/^[^:]*:\/\/(?!\*\.[^*]*$)[^:/?#]*\*/, 'has a wildcard that is not one leading `*.` label'],
];

/** Browsers' own spelling of an origin; wildcards survive. Undefined where the text is too far from one. */
function cleanOrigin(text: string): string | undefined {
  const trimmed = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const anyPort = /:\*(?=[/?#]|$)/.test(whole);
  const plain = whole.replace(/:\*(?=[/?#]|$)/, '');
  const url = parseUrl(plain);
  if (url === undefined) return undefined;
  const clean = `${url.protocol}//${url.host.replace(/\.(?=:|$)/, '')}${anyPort ? ':*' : ''}`;
  return clean !== text && parseOrigin(clean) ? clean : undefined;
}

/** What is wrong with a text as an allowed origin; undefined where nothing is. Never throws. */
export function originFault(text: string): Omit<HostFault, 'port'> | undefined {
  if (parseOrigin(text) !== undefined) return undefined;
  if (text === '*') return { reasons: ['lets every site in'], suggestion: undefined };
  if (text === 'null')
    return { reasons: ['is what any sandboxed page sends'], suggestion: undefined };
  if (text.trim() === '') return { reasons: ['is empty'], suggestion: undefined };
  const found = reasons.filter(([test]) => test.test(text)).map(([, words]) => words);
  if (found.length === 0) found.push('has a host or a port that no browser sends');
  return { reasons: found, suggestion: cleanOrigin(text) };
}
