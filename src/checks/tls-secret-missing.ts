import { dnsNamesOf, secretNameOf } from '../manifests/certificate.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { covers, isAnnotated } from '../surface/issuers.ts';
import { areNearNames } from '../surface/near-names.ts';
import { onceBy } from '../surface/once.ts';
import { isProvidedIn, type Provided, providersOf } from '../surface/providers.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { customSecretUses, type SecretUse, secretUses } from './shared/secret-uses.ts';
import { usedSecrets } from './shared/used-secrets.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'An entry with a certificate that nothing makes',
  why: 'Without the Secret the controller shows a certificate of its own, or the listener does not start: browsers and gRPC clients refuse the host.',
  fix: 'let the entry and the Certificate name the same Secret, in the namespace of the entry',
  find: (surface) =>
    [...secretUses(surface), ...customSecretUses(surface)].flatMap((use) => {
      const { resource, place: path, secretName } = use;
      if (secretName === '' || isAnnotated(resource)) return [];
      const fault = judge(use, surface);
      return fault ? [{ resource, path, ...fault }] : [];
    }),
};

function judge(use: SecretUse, surface: Surface): Fault | undefined {
  const { secretName, namespace, hosts } = use;
  const named = secretsByName(secretName, surface);
  const here = named.filter((one) => isProvidedIn(one, namespace));
  if (here.length > 0) return withoutKeys(secretName, here);
  const [elsewhere] = named;
  const what = `nothing here makes Secret ${secretName}${namespace ? ` in namespace ${namespace}` : ''}`;
  if (elsewhere)
    return {
      message: `${what}; ${described(elsewhere)} in namespace ${elsewhere.namespace}`,
      fix: `put ${elsewhere.by.kind} ${elsewhere.by.name} into namespace ${namespace}`,
    };
  const inNamespace = providersOf('Secret', surface).filter((one) => isProvidedIn(one, namespace));
  const isFree = ({ name }: Provided) => !usedSecrets(surface).has(`${namespace}/${name}`);
  // With `secret` the config says that people make them.
  const isByHand = surface.settings?.tlsMode === 'secret';
  const forHosts = isByHand ? [] : inNamespace.filter(({ by }) => isFor(by, hosts));
  const found =
    forHosts.find(isFree) ??
    inNamespace.find((one) => isFree(one) && areNearNames(one.name, secretName)) ??
    forHosts[0];
  if (!found) return undefined;
  const whose = forHosts.includes(found) ? ` for ${hosts.join(', ')}` : '';
  return {
    severity: isFree(found) && !isForMore(found.by, hosts) ? undefined : 'warning',
    message: `${what}; ${described(found)}${whose}`,
    fix: `write \`${found.name}\` here, or \`secretName: ${secretName}\` there`,
  };
}

/** A Secret of the stream that is none for TLS. */
function withoutKeys(name: string, provided: readonly Provided[]): Fault | undefined {
  const keys = provided.flatMap((one) => one.keys ?? ['tls.crt', 'tls.key']);
  const missing = ['tls.crt', 'tls.key'].filter((key) => !keys.includes(key));
  if (missing.length === 0) return undefined;
  return {
    message: `Secret ${name} has no ${missing.join(' and no ')}`,
    fix: 'write certificate and key under `tls.crt` and `tls.key`',
  };
}

function described({ by, name }: Provided): string {
  return by.kind === 'Secret' ? `there is a Secret ${name}` : `${by.kind} ${by.name} makes ${name}`;
}

/** Whether a Certificate is for all of the hosts. */
function isFor(by: Resource, hosts: readonly string[]): boolean {
  const names = by.kind === 'Certificate' ? dnsNamesOf(by) : [];
  return hosts.length > 0 && secretNameOf(by) !== '' && hosts.every((host) => covers(names, host));
}

/** One for other hosts as well may be there for something else. */
function isForMore(by: Resource, hosts: readonly string[]): boolean {
  return (
    by.kind === 'Certificate' &&
    dnsNamesOf(by).some((name) => !hosts.some((host) => covers([name], host)))
  );
}

const secretsByName = onceBy(
  (surface) => providersOf('Secret', surface),
  ({ name }) => [name],
);
