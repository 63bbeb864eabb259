/** Names of the Secrets that hold certificates. */
import { shortName } from '../manifests/short-name.ts';

/** Where the config names none. The guide's names. */
export const DEFAULT_SECRETS = {
  api: 'michelangelo-apiserver-tls',
  app: 'michelangelo-ui-tls',
  envoy: 'michelangelo-envoy-tls',
} as const;

/**
 * The Secret of an alias: the role's Secret, a hyphen, and the host with hyphens for dots. Where that is too long, it is cut
 * and ends in a hash of the whole.
 */
export function aliasSecretName(roleSecret: string, host: string): string {
  return shortName(`${roleSecret}-${host.replaceAll('.', '-')}`, `${roleSecret}/${host}`);
}
