/**
 * Addresses and URLs in configs, taken apart: the one reader of `host:port`.
 *
 * IP addresses are told apart without `node:net`: loading it makes the function slower on every build.
 */
import { parseUrl } from './url.ts';

/** A text cut at the signs of a URL; every part as it is written. */
export interface AddressParts {
  scheme: string | undefined;
  user: string | undefined;
  /** An IPv6 address with brackets or, where no port follows, without. */
  host: string;
  /** Digits, `*`, or empty behind a colon that nothing follows. */
  port: string | undefined;
  /** All that follows the port: a path, a query, a fragment, each with its first sign. */
  path: string;
}

/** What a client connects to. */
export interface Address {
  /** In lower case, without gRPC's `dns:`; undefined for `host:port`. */
  scheme: string | undefined;
  /** In lower case, without the dot of a full name; an IPv6 address in brackets. */
  host: string;
  port: number | undefined;
  /** With its slash; empty where there is none. */
  path: string;
}

/** An IPv6 address as it is written alone; URLs and `host:port` have it in brackets. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** An IPv6 address, in square brackets or not, without a zone. */
export function isIpv6(text: string): boolean {
  const address = withoutBrackets(text);
  return /^[0-9a-f.]*:[0-9a-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`);
}

/** An IPv4 address of four decimal numbers without leading zeros, or an IPv6 address in brackets or not. */
export function isIp(text: string): boolean {
  const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
  const parts = text.split('.');
  return (parts.length === 4 && parts.every(isByte)) || isIpv6(text);
}

/** What a program fills in when it starts: nobody can judge it from here. */
export function isTemplated(text: string): boolean {
  return /\$\{|\{\{/.test(text);
}

/** Cuts any text, white space around it aside. */
export function splitAddress(text: string): AddressParts {
  const cut = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/?#]*)@)?([^/?#]*)(.*)$/is.exec(text.trim());
  const [, scheme, user, authority = '', path = ''] = cut ?? [];
  const hasPort = isIpv6(authority) ? null : /^(\[.*\]|[^:]*):(\d*|\*)$/.exec(authority);
  return { scheme, user, host: hasPort?.[1] ?? authority, port: hasPort?.[2], path };
}

/**
 * Reads `host`, `host:port` and URLs, with gRPC's `dns:` and `dns:///` in front or not; undefined for anything else, a user's
 * name among it.
 */
export function readAddress(text: string): Address | undefined {
  const plain = text.trim().replace(/^dns:(?:\/\/[^/]*\/)?/, '');
  const { scheme, user, host, port, path } = splitAddress(plain);
  const isHost = /^(\[[0-9a-f:.]+\]|[^\s:[\]]+)$/i.test(host);
  if (user !== undefined || !isHost || !/^\d{1,5}$/.test(port ?? '0')) return undefined;
  return {
    scheme: scheme?.toLowerCase(),
    host: host.toLowerCase().replace(/\.$/, ''),
    port: port === undefined ? undefined : Number(port),
    path,
  };
}

/** The address that a gRPC client is given; undefined for a URL. */
export function readHostAndPort(text: string): Address | undefined {
  const address = readAddress(text);
  return address?.scheme === undefined && address?.path === '' ? address : undefined;
}

/** `scheme://host:port`, with those parts that are there. */
export function printAddress({
  scheme,
  host,
  port,
}: Pick<Address | AddressParts, 'scheme' | 'host' | 'port'>): string {
  return `${scheme === undefined ? '' : `${scheme}://`}${host}${port === undefined ? '' : `:${port}`}`;
}

/** `host:port`, an IPv6 address in brackets. */
export function joinHostPort(host: string, port: number | string): string {
  return `${host.startsWith('[') || !isIpv6(host) ? host : `[${host}]`}:${port}`;
}

/** Whether an address is that of the machine, or of the pod, itself: nobody else reaches it. */
export function isLoopback(host: string): boolean {
  return /^(?:127\.[\d.]+|localhost|\[?(?:::1|::ffff:127\.[\d.]+)\]?)$/i.test(host);
}

/** Whether an address stands for every one that a machine or a pod has: a program listens there, and none can be called. */
export function isUnspecified(host: string): boolean {
  return /^(?:0\.0\.0\.0|\[?::\]?)$/.test(host);
}

/** The host that a gRPC client is given; undefined for a URL. */
export function hostOfAddress(text: string): string | undefined {
  return readHostAndPort(text)?.host;
}

/** The host of a URL as browsers read it, which is for the URL standard's own parser. */
export function hostOfUrl(text: string): string | undefined {
  return parseUrl(text)?.hostname || undefined;
}
