/**
 * Regular expressions for the published schema: what src/config/ decides in code, as far as one expression can say it.
 *
 * Each refuses nothing that the code accepts. Where it accepts more, its comment says what.
 */
import { EMAIL, type Format, HEADER_NAME } from '../config/formats.ts';

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PORT = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';

/** Where a host ends inside an address. */
const END = '(?=[:/]|$)';
const SHORT = `(?=[^:/]{1,253}${END})`;
/** A last label that is a number makes an IP address of a name. */
const NOT_NUMERIC = `(?!(?:[^:/]*\\.)?(?:\\d+|0x[0-9a-f]*)${END})`;
const NAME = `${SHORT}${NOT_NUMERIC}${LABEL}(?:\\.${LABEL})+${END}`;
const IPV4_ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`;
const IPV4 = `${IPV4_ADDRESS}${END}`;
/** Loosely: groups and colons. */
const IPV6 = '\\[[0-9a-fA-F.]*:[0-9a-fA-F:.]*\\]';
const SERVICE = `(?!\\d+${END})${LABEL}${END}`;
const REACHABLE = `(?:${NAME}|${IPV4}|${SERVICE}|${IPV6})`;
const BROWSER_HOST = `(?:${NAME}|${IPV4}|${SERVICE}|${IPV6.replaceAll('A-F', '')})`;

const whole = (...alternatives: string[]) => `^(?:${alternatives.join('|')})$`;

/** A pattern, and what editors say where a text does not follow it. */
type Pattern = { pattern: string; patternErrorMessage: string };

/** A name that the public DNS may have: exactly `isPrivateName`, turned round. */
export const PUBLIC_HOST: Pattern = {
  pattern: '^(?!(?:.*\\.)?(?:localhost|local|internal|test)$)',
  patternErrorMessage:
    'An ACME server cannot prove a name that the public DNS does not have: choose a public domain, or another `tls.mode`.',
};

/** For each `format` of the function's own schema; the code is in src/config/formats.ts. */
export const FORMAT_PATTERNS: Readonly<Record<Format, Pattern>> = {
  // Exactly `hostFault`.
  host: {
    pattern: whole('localhost', NAME),
    patternErrorMessage:
      'Not a host name: lower-case letters, digits, hyphens and dots; at least two labels, or `localhost`; no scheme, port or path.',
  },
  // `isReachableHost`, with IPv6 addresses loosely.
  'reachable-host': {
    pattern: whole(REACHABLE),
    patternErrorMessage:
      'Not a host name, a Service name or an IP address in lower case; without scheme, port and path.',
  },
  // With IPv6 addresses loosely.
  'host-and-port': {
    pattern: whole(`${REACHABLE}:${PORT}`),
    patternErrorMessage: 'Not an address: `host:port` without a scheme, the host in lower case.',
  },
  // With IPv6 addresses loosely.
  'url-or-host-and-port': {
    pattern: whole(`https?://${REACHABLE}(?::${PORT})?/?`, `${REACHABLE}:${PORT}`),
    patternErrorMessage:
      'Not an address: an http or https URL without a path, or `host:port`, the host in lower case.',
  },
  // With IPv6 addresses loosely.
  'https-url': {
    pattern: whole(`https://${REACHABLE}(?::${PORT})?/?`),
    patternErrorMessage:
      'Not the address of a Kubernetes API: an https URL of host and port without a path, the host in lower case.',
  },
  // IPv6 addresses loosely, and whatever host bits are set.
  cidr: {
    pattern: whole(
      `${IPV4_ADDRESS}(?:/(?:3[0-2]|[12]?\\d))?`,
      '[0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:/(?:12[0-8]|1[01]\\d|[1-9]?\\d))?',
    ),
    patternErrorMessage:
      'Not a range of addresses: an IP address alone, or an IP address and one prefix length, for instance `10.0.0.0/24`.',
  },
  // `parseOrigin`, with IPv6 addresses in any lower-case spelling.
  origin: {
    pattern: whole(
      `(?!http://.*:80$)(?!https://.*:443$)https?://(?:${BROWSER_HOST}|\\*\\.${NAME})(?::(?:\\*|${PORT}))?`,
    ),
    patternErrorMessage:
      'Not an origin as browsers send it: `scheme://host[:port]` in lower case, without a path and without the port of the scheme; one leading `*.` label or port `*` at most.',
  },
  'header-name': {
    pattern: HEADER_NAME.source,
    patternErrorMessage:
      'Not the name of one header: letters, digits and hyphens, without white space, and not `*` alone.',
  },
  email: {
    pattern: EMAIL.source,
    patternErrorMessage:
      'Not a mail address: write the address alone, for instance `platform@example.com`.',
  },
  // URLs loosely: no white space and no user.
  'acme-server': {
    pattern: '^(?:production|staging|https://[^\\s@]+)$',
    patternErrorMessage:
      'Not an ACME server: `production`, `staging`, or the https URL of an ACME directory.',
  },
  'http01-or-map': {
    pattern: '^http01$',
    patternErrorMessage: 'Write `http01`, or a map with a cert-manager DNS-01 solver.',
  },
  'preinstalled-or-map': {
    pattern: '^preinstalled$',
    patternErrorMessage: 'Write `preinstalled`, or a map with `configMap` and `key`.',
  },
};
