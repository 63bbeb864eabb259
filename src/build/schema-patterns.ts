/**
 * Regular expressions for the published schema: what src/config/ decides in code, as far as one expression can say it.
 *
 * Each refuses nothing that the code accepts. Where it accepts more, its comment says what.
 */

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PORT = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';

/** Where a host ends inside an address. */
const END = '(?=[:/]|$)';
const SHORT = `(?=[^:/]{1,253}${END})`;
/** A last label that is a number makes an IP address of a name. */
const NOT_NUMERIC = `(?!(?:[^:/]*\\.)?(?:\\d+|0x[0-9a-f]*)${END})`;
const NAME = `${SHORT}${NOT_NUMERIC}${LABEL}(?:\\.${LABEL})+${END}`;
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}${END}`;
/** Loosely: groups and colons. */
const IPV6 = '\\[[0-9a-fA-F.]*:[0-9a-fA-F:.]*\\]';
const SERVICE = `(?!\\d+${END})${LABEL}${END}`;
const REACHABLE = `(?:${NAME}|${IPV4}|${SERVICE}|${IPV6})`;
const BROWSER_HOST = `(?:${NAME}|${IPV4}|${SERVICE}|${IPV6.replaceAll('A-F', '')})`;

const whole = (...alternatives: string[]) => `^(?:${alternatives.join('|')})$`;

export const PATTERNS = {
  /** Exactly `hostFault`. */
  host: whole('localhost', NAME),
  /** Exactly `isPrivateName`, turned round. */
  publicHost: '^(?!(?:.*\\.)?(?:localhost|local|internal|test)$)',
  /** `isReachableHost`, with IPv6 addresses loosely. */
  reachableHost: whole(REACHABLE),
  /** `host:port`, with IPv6 addresses loosely. */
  hostAndPort: whole(`${REACHABLE}:${PORT}`),
  /** An http or https URL without a path, or `host:port`, with IPv6 addresses loosely. */
  urlOrHostAndPort: whole(`https?://${REACHABLE}(?::${PORT})?/?`, `${REACHABLE}:${PORT}`),
  /** `parseOrigin`, with IPv6 addresses in any lower-case spelling. */
  origin: whole(
    `(?!http://.*:80$)(?!https://.*:443$)https?://(?:${BROWSER_HOST}|\\*\\.${NAME})(?::(?:\\*|${PORT}))?`,
  ),
  /** A token of RFC 9110, and not `*` alone. */
  header: "^(?!\\*$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  email: '^[^\\s@<>"]+@[^\\s@<>".]+(?:\\.[^\\s@<>".]+)+$',
  /** URLs loosely: no white space and no user. */
  acmeServer: '^(?:production|staging|https://[^\\s@]+)$',
  solver: '^http01$',
  trust: '^preinstalled$',
} as const;
