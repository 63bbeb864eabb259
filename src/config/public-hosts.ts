/** Which host names a config asks for, with the field that each follows from and the Secret of its certificate. */
import { shortName } from '../manifests/short-name.ts';
import { cleanHost } from '../net/host-names.ts';
import { isObject, type JsonObject } from '../yaml/json.ts';
import { type Field, itemsAt, present, textAt } from './partial.ts';

/** The API, the calls of the page, and the page where an entry leads to its own Service. */
export type PublicRole = 'api' | 'app' | 'ui';
/** In the order in which messages and hosts are listed. */
export const PUBLIC_ROLES: readonly PublicRole[] = ['api', 'app', 'ui'];

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
  app: 'michelangelo-app-tls',
  ui: 'michelangelo-ui-tls',
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
  if (written !== undefined) return { path, value: written };
  // One certificate for page and calls has the page's name, as in the guide.
  const isOfBoth = key === 'app' && !hasPageHost(config);
  return { path: 'spec.tls.mode', value: DEFAULT_SECRETS[isOfBoth ? 'ui' : key] };
}

/** One Secret for two hosts is a wildcard certificate: it serves the aliases as well. */
function hasSharedSecret(config: unknown, role: PublicRole): boolean {
  if (textAt(config, 'spec.tls.mode') !== 'secret') return false;
  const secretOf = (each: PublicRole) => roleSecret(config, each).value;
  return PUBLIC_ROLES.some(
    (other) =>
      other !== role &&
      (other !== 'ui' || hasPageHost(config)) &&
      secretOf(other) === secretOf(role),
  );
}

/** Whether the page has another host than the calls that it makes. */
export function hasPageHost(config: unknown): boolean {
  const written = textAt(config, 'spec.hosts.ui');
  const app = textAt(config, 'spec.hosts.app') ?? `app.${textAt(config, 'spec.domain')}`;
  return written !== undefined && (cleanHost(written) ?? written) !== (cleanHost(app) ?? app);
}

function mainHost(config: unknown, role: PublicRole): HostPlace[] {
  if (role === 'ui' && !hasPageHost(config)) return [];
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
  if (hasSharedSecret(config, role))
    return [{ ...common, secretName: secret.value, secretPath: secret.path, secretDerived: false }];
  const name = aliasSecretName(secret.value, host);
  return [{ ...common, secretName: name, secretPath: path, secretDerived: true }];
}

/**
 * The host names of a role, main host first, then the aliases in the order of the config. Hosts that are missing or no
 * text are left out. A page that shares the host of the app has none.
 */
export function hostPlaces(config: unknown, role: PublicRole): HostPlace[] {
  if (role === 'ui' && !hasPageHost(config)) return [];
  const aliases = itemsAt(config, `spec.hosts.aliases.${role}`);
  return [...mainHost(config, role), ...aliases.flatMap((item) => alias(config, role, item))];
}
