/** Addresses of servers: `host:port`, and URLs without a path. */
import {
  type Address,
  type AddressParts,
  printAddress,
  readAddress,
  splitAddress,
} from '../net/addresses.ts';
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
  'https URL': 'an https URL of host and port without a path, the host in lower case',
};

type Form = keyof typeof EXPECTED;

function isAddress(text: string, form: Form): boolean {
  const address = parseAddress(text);
  if (address === undefined || form === 'URL or host:port') return address !== undefined;
  return address.scheme === (form === 'https URL' ? 'https' : undefined);
}

/** Whether a text is the URL of an API server, as `server` of a compute cluster wants it. */
export const isServerUrl = (text: string) => isAddress(text, 'https URL');

/** What is wrong with a text that should be an address of a form. */
export function addressFault(form: Form): (text: string, path: string) => FormatFault | undefined {
  return (text, path) => {
    if (isAddress(text, form)) return undefined;
    // Case, scheme and path are what people get wrong.
    const parts = splitAddress(text.toLowerCase());
    const scheme = {
      'host:port': undefined,
      'https URL': 'https',
      'URL or host:port': parts.scheme,
    };
    const near = printAddress({ ...parts, scheme: scheme[form] });
    return {
      message: `${code(path)} is not an address that can be used here`,
      expected: EXPECTED[form],
      fix: isAddress(near, form)
        ? fixAddress(form, near, parts)
        : 'write the host and the port, as in the example of the reference',
    };
  };
}

function fixAddress(form: Form, near: string, { path, port }: AddressParts): string {
  if (form !== 'https URL') return `write ${code(near)}`;
  // Source: go/components/jobs/compute/factory.go, getClusterKey.
  if (!/^\/?$/.test(path))
    return `write ${code(near)} if the Kubernetes API answers there: Michelangelo joins host and port alone, and knows no path of a proxy`;
  return port === undefined
    ? `write ${code(near)}, with its port where that is not 443: API servers that no cloud runs have 6443 in most cases`
    : `write ${code(near)}`;
}
