/**
 * The forms of texts that the schema names as `format`: what is wrong with one that does not follow its form, in words.
 *
 * A field gets such a check by its `format` in the schema alone; src/build/schema-patterns.ts says the same to editors.
 */
import { isIp, splitAddress } from '../net/addresses.ts';
import { rangeFault } from '../net/cidrs.ts';
import { type HostFault, hostFault, IS_ADDRESS, isReachableHost } from '../net/host-names.ts';
import { originFault } from '../net/origins.ts';
import { parseUrl } from '../net/url.ts';
import { isObject } from '../yaml/json.ts';
import { addressFault } from './addresses.ts';
import { resolve, type Schema, schema } from './schema.ts';
import { type ConfigProblem, code, either, nearest, quote } from './wording.ts';

/** What is wrong with a text; `code` is `config-value` unless it is given. */
export type FormatFault = Pick<ConfigProblem, 'message' | 'fix'> & {
  code?: ConfigProblem['code'];
  expected: string;
};

type FormatCheck = (text: string, path: string) => FormatFault | undefined;

/** What messages say of a host name that is expected. */
export const EXPECTED_HOST =
  'lower-case letters, digits, hyphens and dots; at least two labels (or `localhost`) of at most 63 characters, 253 in all';

/** Addresses that mail can be sent to, loosely: one `@`, a host with a dot after it, no white space (RFC 5321). */
export const EMAIL = /^[^\s@<>"]+@[^\s@<>".]+(?:\.[^\s@<>".]+)+$/;

/** A `token` of RFC 9110 section 5.6.2, which field names are; `*` is one, but a list of it would mean every header. */
export const HEADER_NAME = /^(?!\*$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The check of each form. */
export const FORMATS = {
  host: (text) => {
    const fault = hostFault(text);
    return (
      fault && {
        code: 'config-host',
        message: `this is not a host name: it ${either(fault.reasons, 'and')}`,
        expected: EXPECTED_HOST,
        fix: fixHost(fault),
      }
    );
  },
  'reachable-host': (text) => {
    if (isReachableHost(text)) return undefined;
    const { host } = splitAddress(text.toLowerCase());
    return {
      code: 'config-host',
      message: 'this is not a host name, a Service name or an IP address',
      expected: 'a name in lower case or an IP address, without scheme, port and path',
      fix: isReachableHost(host)
        ? `write ${code(host)}; the port stands in \`spec.envoy.upstream.port\``
        : 'write the name alone',
    };
  },
  'host-and-port': addressFault('host:port'),
  'url-or-host-and-port': addressFault('URL or host:port'),
  'https-url': addressFault('https URL'),
  cidr: (text) => {
    const fault = rangeFault(text);
    return (
      fault && {
        message: `this is not a range of addresses: it ${fault.reason}`,
        expected: 'an IP address alone, or the first one of a range and one prefix length',
        fix: fixRange(text, fault.suggestion),
      }
    );
  },
  origin: (text) => {
    const fault = originFault(text);
    return (
      fault && {
        code: 'config-origin',
        message: `this is not an origin that can be allowed: it ${either(fault.reasons, 'and')}`,
        expected:
          '`scheme://host[:port]` as browsers send it, with one leading `*.` label or port `*` at most',
        fix:
          fault.suggestion === undefined
            ? 'list each origin, for instance `https://app.example.com` or `https://*.example.com`'
            : `write ${code(fault.suggestion)}`,
      }
    );
  },
  'header-name': (text) => {
    if (HEADER_NAME.test(text)) return undefined;
    return {
      message:
        text === '*' ? 'every request header would be allowed' : 'this is not the name of a header',
      expected: "letters, digits and !#$%&'*+-.^_`|~ without white space, and not `*` alone",
      fix: text.includes(',')
        ? 'write each header as an item of its own'
        : 'write the name of each header, without its value',
    };
  },
  email: (text, path) => {
    if (EMAIL.test(text)) return undefined;
    return {
      message: `${code(path)} is not a mail address`,
      expected: 'one address, for instance `platform@example.com`',
      fix: 'write the address alone, without a name or brackets',
    };
  },
  'acme-server': (text, path) => {
    if (text === 'production' || text === 'staging') return undefined;
    if (/^https:\/\/[^\s@]+$/.test(text) && parseUrl(text)) return undefined;
    const word = nearest(text, ['production', 'staging']);
    return {
      message: `${code(path)} is not an ACME server`,
      expected: '`production`, `staging`, or the https URL of an ACME directory',
      fix: word ? `write ${code(word)}` : 'write one of the two words, or the whole URL',
    };
  },
  'http01-or-map': wordOrMap('http01', 'a cert-manager DNS-01 solver'),
  'preinstalled-or-map': wordOrMap('preinstalled', '`configMap` and `key`'),
} satisfies Record<string, FormatCheck>;

/** A form, as the schema names it. */
export type Format = keyof typeof FORMATS;

function fixHost(fault: HostFault): string {
  const plain = fault.reasons.includes(IS_ADDRESS)
    ? 'write a name that DNS resolves to this address'
    : 'write the plain host name';
  const host = fault.suggestion === undefined ? plain : `write ${code(fault.suggestion)}`;
  const port = ', and the port, where it is not the usual one, in `spec.port`';
  return fault.port === undefined ? host : host + port;
}

function fixRange(text: string, suggestion: string | undefined): string {
  const [address = ''] = text.trim().split('/');
  if (suggestion === undefined)
    return isIp(address)
      ? `write the prefix length, for instance ${code(`${address}/${address.includes(':') ? 64 : 24}`)}`
      : 'write addresses, for instance `198.51.100.4` or `10.0.0.0/24`: a NetworkPolicy knows no names';
  return `write ${code(suggestion)}`;
}

/** The one word that is allowed where a field takes a word or a map: the schema alone cannot say it and stay readable. */
function wordOrMap(word: string, map: string): FormatCheck {
  return (text, path) => {
    if (text === word) return undefined;
    return {
      message: `${code(path)} is not a word that is known here`,
      expected: `${code(word)}, or a map with ${map}`,
      fix: nearest(text, [word]) ? `write ${code(word)}` : `write ${code(word)} or the map`,
    };
  };
}

/** Problems of single texts, in the order of the schema. Silent about what the schema refuses. */
export function checkFormats(config: unknown): ConfigProblem[] {
  return problemsBelow(config, schema, '');
}

function problemsBelow(value: unknown, node: Schema | undefined, path: string): ConfigProblem[] {
  const { format, items, properties = {} } = resolve(node) ?? {};
  if (typeof value === 'string') {
    const fault = format === undefined ? undefined : FORMATS[format](value, path);
    return fault ? [{ code: 'config-value', path, ...fault, found: quote(value) }] : [];
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => problemsBelow(item, items, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.keys(properties).flatMap((key) =>
    problemsBelow(value[key], properties[key], path ? `${path}.${key}` : key),
  );
}
