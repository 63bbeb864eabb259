/** Addresses and URLs in configs, taken apart. */

/** `host:port` of a gRPC client; the port is undefined where none is given. */
export interface Address {
  host: string;
  port: number | undefined;
}

/** What a program fills in when it starts: nobody can judge it from here. */
export function isTemplated(text: string): boolean {
  return /\$\{|\{\{/.test(text);
}

/** Reads `host:port`, with gRPC's `dns:///` in front or not; undefined for anything else, URLs included. */
export function readAddress(text: string): Address | undefined {
  const plain = text.trim().replace(/^dns:(?:\/\/[^/]*\/)?/, '');
  const found = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?$/i.exec(plain);
  if (!found?.[1]) return undefined;
  return {
    host: found[1].toLowerCase().replace(/\.$/, ''),
    port: found[2] === undefined ? undefined : Number(found[2]),
  };
}

export function hostOfAddress(text: string): string | undefined {
  return readAddress(text)?.host;
}

export function hostOfUrl(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).hostname || undefined : undefined;
}

/** Whether a host of an entry, be it a wildcard, serves a name. Gateway API lets a wildcard stand for several labels, Ingress for one. */
export function servesName(entryHost: string, name: string): boolean {
  const host = entryHost.toLowerCase();
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : host === name;
}
