/**
 * Which texts are host names that DNS, Kubernetes and certificate authorities take, and what was probably meant.
 *
 * Sources: RFC 1123 section 2.1 (letters, digits, hyphens), RFC 1035 section 2.3.4 (63 and 253), RFC 1123 as Kubernetes
 * applies it to Ingress hosts (lower case only), the WHATWG URL standard (a name whose last label is a number is an IP
 * address), RFC 6761, RFC 6762 and ICANN's reservation of `.internal` for names that no public authority signs.
 */
import { domainToUnicode } from 'node:url';
import { type AddressParts, isIp, isIpv6, splitAddress } from './addresses.ts';
import { parseUrl } from './url.ts';

/** What is wrong with a text that should be a host name or an origin. */
export interface HostFault {
  /** What is wrong, to follow "it": `has a scheme`, `ends in a dot`. Never empty. */
  reasons: string[];
  /** The right spelling, where it follows from the text. */
  suggestion: string | undefined;
  /** The port that the text carries, where it carries one. */
  port: string | undefined;
}

/** The reason that has advice of its own. */
export const IS_ADDRESS = 'is an IP address';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;

/** In the order in which they are named; each looks at the text as it was written. */
const reasons: readonly [test: (text: string, parts: AddressParts) => boolean, words: string][] = [
  [(text) => /\s/.test(text), 'has white space'],
  [(_, { scheme }) => scheme !== undefined, 'has a scheme'],
  [(_, { user }) => user !== undefined, 'has a user name'],
  [(_, { host }) => isIp(host), IS_ADDRESS],
  [(_, { port }) => port !== undefined, 'has a port'],
  [(_, { path }) => path !== '', 'has a path'],
  [(text) => text.includes('*'), 'has a wildcard'],
  [(_, { host }) => /^\.+[^.]/.test(host), 'begins with a dot'],
  [(_, { host }) => /[^.]\.$/.test(host), 'ends in a dot'],
  [(_, { host }) => /[^.]\.\.+(?!$)/.test(host), 'has an empty label'],
  [(text) => /[^\0-\x7f]/.test(text), 'has letters beyond ASCII'],
  [(text) => /[A-Z]/.test(text), 'has upper-case letters'],
  [(text) => text.includes('_'), 'has an underscore'],
];

/** Letters beyond ASCII become their `xn--` spelling (RFC 5891, with the mapping of UTS 46); undefined where they have none. */
function toAscii(host: string): string | undefined {
  if (!/[^\0-\x7f]/.test(host)) return host;
  return parseUrl(`http://${host}/`)?.hostname;
}

/** A host with its `xn--` labels in their own letters, in lower case; as it is where it has none. */
export function unicodeHost(host: string): string {
  return host.includes('xn--') ? domainToUnicode(host) || host : host;
}

/** The host in a text, in the spelling that is expected; undefined where it cannot be derived. */
export function cleanHost(text: string): string | undefined {
  const host = splitAddress(text.replaceAll(/\s/g, ''))
    .host.replace(/^(\*?\.)+/, '')
    .replace(/\.+$/, '');
  return toAscii(host)?.toLowerCase();
}

/** Reasons that concern labels and lengths, for a text that has none of the others. */
function labelReasons(host: string): string[] {
  const labels = host.split('.');
  const found: string[] = [];
  if (labels.some((label) => /^-|-$/.test(label)))
    found.push('has a label that begins or ends with a hyphen');
  if (/[^-a-z0-9.]/.test(host))
    found.push('has characters other than letters, digits, hyphens and dots');
  const long = labels.find((label) => label.length > LONGEST_LABEL);
  if (long !== undefined)
    found.push(`has a label of ${long.length} characters, ${LONGEST_LABEL} are allowed`);
  if (host.length > LONGEST_NAME)
    found.push(`has ${host.length} characters, ${LONGEST_NAME} are allowed`);
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) as string))
    found.push('has a number as its last label, as an IP address has');
  // `localhost` is a name of its own (RFC 6761): api.localhost reaches the machine that asks.
  if (labels.length < 2 && host !== 'localhost')
    found.push('has one label, at least two are needed');
  return found;
}

/**
 * What is wrong with a text as a host name of at least two labels (or `localhost`); undefined where nothing is.
 * Never throws.
 */
export function hostFault(text: string): HostFault | undefined {
  const parts = splitAddress(text);
  const { port } = parts;
  if (text.trim() === '') return { reasons: ['is empty'], suggestion: undefined, port };
  const found = reasons.filter(([test]) => test(text, parts)).map(([, words]) => words);
  if (found.length === 0) found.push(...labelReasons(text));
  if (found.length === 0 && !text.split('.').every((label) => LABEL.test(label)))
    found.push('has an empty label');
  if (found.length === 0) return undefined;
  const clean = cleanHost(text);
  const usable = clean !== undefined && clean !== text && isHostName(clean);
  return { reasons: found, suggestion: usable ? clean : undefined, port };
}

/** Whether a text is a host name of at least two labels, or `localhost`. */
function isHostName(text: string): boolean {
  return hostFault(text) === undefined;
}

/** Whether a text is a name that a client inside the cluster resolves, a single label included, or an IP address. */
export function isReachableHost(text: string): boolean {
  if (isIp(text)) return !isIpv6(text) || text.startsWith('[');
  return (
    isHostName(text) || (LABEL.test(text) && text.length <= LONGEST_LABEL && !/^\d+$/.test(text))
  );
}

/** Whether no public certificate authority signs for a name: `localhost`, and names in `local`, `internal`, `test`. */
export function isPrivateName(host: string): boolean {
  return /(^|\.)(localhost|local|internal|test)$/.test(host);
}

/** Names of this machine, and of Services in the cluster. */
const OWN_NAME =
  /(?:^|\.)localhost$|\.(?:docker|minikube|k3d|lima)\.internal$|\.svc$|\.svc\.|\.cluster\.local$/;

/**
 * Whether a text may be a name that others reach something under: no address, no name of this machine or of a Service, no wildcard. The
 * placeholder of a base is one, though DNS would refuse it.
 */
export function isPublicHost(text: string): boolean {
  const host = text.toLowerCase();
  const labels = host.split('.');
  return (
    host.length <= LONGEST_NAME &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9_-]+$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '') &&
    !OWN_NAME.test(host)
  );
}

/**
 * Whether a text is a host as the Kubernetes API takes one at an entry, letters aside: a name, or a wildcard for its first label. Source:
 * Kubernetes, `validateIngressRules` (IsDNS1123Subdomain, IsWildcardDNS1123Subdomain); Gateway API, Hostname.
 */
export function isEntryHost(text: string): boolean {
  const name = text.toLowerCase().replace(/^\*\./, '');
  return (
    name.length <= LONGEST_NAME &&
    name.split('.').every((label) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label)) &&
    !/^[\d.]+$/.test(name)
  );
}
