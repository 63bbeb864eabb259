/** Names of the Secrets that hold certificates. */

/** Where the config names none. The guide's names. */
export const DEFAULT_SECRETS = {
  api: 'michelangelo-apiserver-tls',
  app: 'michelangelo-ui-tls',
  envoy: 'michelangelo-envoy-tls',
} as const;

/** RFC 1123 subdomain, as Kubernetes limits the name of a Secret. */
const LONGEST_NAME = 253;

/** FNV-1a, 32 bit, as eight hexadecimal digits: short, the same everywhere, and no secret hangs on it. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const character of new TextEncoder().encode(text))
    value = Math.imul(value ^ character, 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0');
}

/**
 * The Secret of an alias: the role's Secret, a hyphen, and the host with hyphens for dots. Longer than 253 characters, it
 * is cut and ends in a hash of the whole, so that two long hosts keep two Secrets.
 */
export function aliasSecretName(roleSecret: string, host: string): string {
  const name = `${roleSecret}-${host.replaceAll('.', '-')}`;
  if (name.length <= LONGEST_NAME) return name;
  const suffix = `-${hash(`${roleSecret}/${host}`)}`;
  return `${name.slice(0, LONGEST_NAME - suffix.length).replace(/[-.]+$/, '')}${suffix}`;
}
