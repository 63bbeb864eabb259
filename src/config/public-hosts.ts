/** Which host names a config asks for, with the field that each follows from and the Secret of its certificate. */
import { shortName } from '../manifests/short-name.ts';
import { isObject, type JsonObject } from '../yaml/json.ts';
import { type Field, itemsAt, present, textAt } from './partial.ts';

export type PublicRole = 'api' | 'app';
export const PUBLIC_ROLES: readonly PublicRole[] = ['api', 'app'];

/** A host name as the config has it, right or wrong. */
export interface HostPlace {
  role: PublicRole;
  host: string;
  /** The field that the host follows from. */
  path: string;
  /** Made from the domain, not written. */
  derived: boolean;
  secretName: string;
  /** The field that the Secret's name follows from. */
  secretPath: string;
  /** Made from the host, not written. */
  secretDerived: boolean;
}

/** Secrets with certificates, where the config names none. The guide's names. */
const DEFAULT_SECRETS = {
  api: 'michelangelo-apiserver-tls',
  app: 'michelangelo-ui-tls',
  envoy: 'michelangelo-envoy-tls',
};

/**
 * The Secret of an alias: the role's Secret, a hyphen, and the host with hyphens for dots. Where that is too long, it is cut
 * and ends in a hash of the whole.
 */
export function aliasSecretName(roleSecret: string, host: string): string {
  return shortName(`${roleSecret}-${host.replaceAll('.', '-')}`, `${roleSecret}/${host}`);
}

/** The Secret of a role's main host: what is written, or the default. */
function roleSecret(config: unknown, role: PublicRole): Field<string> {
  const atEnvoy = role === 'app' && textAt(config, 'spec.tls.terminateAt') === 'envoy';
  const key = atEnvoy ? 'envoy' : role;
  const path = `spec.tls.secrets.${key}`;
  const written = textAt(config, path);
  return written === undefined
    ? { path: 'spec.tls.mode', value: DEFAULT_SECRETS[key] }
    : { path, value: written };
}

/** One Secret for both hosts is a wildcard certificate: it serves the aliases as well. */
function hasSharedSecret(config: unknown): boolean {
  return (
    textAt(config, 'spec.tls.mode') === 'secret' &&
    roleSecret(config, 'api').value === roleSecret(config, 'app').value
  );
}

function mainHost(config: unknown, role: PublicRole): HostPlace[] {
  const secret = roleSecret(config, role);
  const rest = { role, secretName: secret.value, secretPath: secret.path, secretDerived: false };
  const path = `spec.hosts.${role}`;
  const written = textAt(config, path);
  if (written !== undefined) return [{ ...rest, host: written, path, derived: false }];
  const domain = textAt(config, 'spec.domain');
  if (present(config, path) || domain === undefined) return [];
  return [{ ...rest, host: `${role}.${domain}`, path: 'spec.domain', derived: true }];
}

function alias(config: unknown, role: PublicRole, item: Field<unknown>): HostPlace[] {
  const written: JsonObject | { host: unknown; secretName?: unknown } = isObject(item.value)
    ? item.value
    : { host: item.value };
  const { host, secretName } = written;
  if (typeof host !== 'string') return [];
  const path = isObject(item.value) ? `${item.path}.host` : item.path;
  const common = { role, host, path, derived: false };
  if (typeof secretName === 'string')
    return [{ ...common, secretName, secretPath: `${item.path}.secretName`, secretDerived: false }];
  const secret = roleSecret(config, role);
  if (hasSharedSecret(config))
    return [{ ...common, secretName: secret.value, secretPath: secret.path, secretDerived: false }];
  const name = aliasSecretName(secret.value, host);
  return [{ ...common, secretName: name, secretPath: path, secretDerived: true }];
}

/**
 * The host names of a role, main host first, then the aliases in the order of the config. Hosts that are missing or no
 * text are left out.
 */
export function hostPlaces(config: unknown, role: PublicRole): HostPlace[] {
  const aliases = itemsAt(config, `spec.hosts.aliases.${role}`);
  return [...mainHost(config, role), ...aliases.flatMap((item) => alias(config, role, item))];
}
