/** Names that Kubernetes takes, made from longer ones. */

/** Longest name of most Kubernetes objects (RFC 1123 subdomain). */
const LONGEST = 253;

/**
 * The name itself where it is short enough, else its beginning and a hash of `identity`, so that two long names stay two.
 * The hash is FNV-1a with 32 bits: it keeps names apart and protects nothing.
 */
export function shortName(name: string, identity = name, longest = LONGEST): string {
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 9).replace(/[-.]+$/, '')}-${fnv1a(identity)}`;
}

/** A name with hyphens for the dots of a host: with a hash of the host where another of the hosts would get the same. */
export function hostInName(host: string, hosts: readonly string[]): string {
  const name = hyphens(host);
  const isShared = hosts.some((other) => other !== host && hyphens(other) === name);
  return isShared ? `${name}-${fnv1a(host)}` : name;
}

const hyphens = (host: string) => host.replaceAll('.', '-');

/** Eight hexadecimal digits. */
export function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
