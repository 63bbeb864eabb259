/** Addresses of servers: `host:port`, and URLs without a path. */
import { type Address, printAddress, readAddress, splitAddress } from '../net/addresses.ts';
import { isReachableHost } from '../net/host-names.ts';
import type { FormatFault } from './formats.ts';
import { code } from './wording.ts';

/**
 * Takes `host:port`, `http(s)://host` and `http(s)://host:port`, a URL with a trailing slash or not, if they are spelled as we
 * would spell them; else undefined.
 */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text);
  if (!address || printAddress(address) + address.path !== text) return undefined;
  const { scheme, host, port, path } = address;
  if (!isReachableHost(host) || port === 0 || (port ?? 0) > 65535) return undefined;
  const isGood =
    scheme === undefined
      ? port !== undefined && path === ''
      : ['http', 'https'].includes(scheme) && ['', '/'].includes(path);
  return isGood ? address : undefined;
}

const EXPECTED = {
  'host:port': '`host:port` without a scheme, the host in lower case',
  'URL or host:port': 'an http or https URL without a path, or `host:port`, the host in lower case',
};

type Form = keyof typeof EXPECTED;

function isAddress(text: string, form: Form): boolean {
  const address = parseAddress(text);
  return address !== undefined && (form !== 'host:port' || address.scheme === undefined);
}

/** What is wrong with a text that should be an address of a form. */
export function addressFault(form: Form): (text: string, path: string) => FormatFault | undefined {
  return (text, path) => {
    if (isAddress(text, form)) return undefined;
    // Case, scheme and path are what people get wrong.
    const parts = splitAddress(text.toLowerCase());
    const near = printAddress(form === 'host:port' ? { ...parts, scheme: undefined } : parts);
    return {
      message: `${code(path)} is not an address that can be used here`,
      expected: EXPECTED[form],
      fix: isAddress(near, form)
        ? `Write ${code(near)}`
        : 'Write the host and the port, as in the example of the reference',
    };
  };
}
