import { GATEWAY_IMPLEMENTATIONS } from '../controllers/shared/gateways.ts';
import { secretNameOf } from '../manifests/certificate.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { groupedBy } from '../maps.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { implementationOf } from '../surface/gateway-class.ts';
import { certificatesFor, isAnnotated } from '../surface/issuers.ts';
import type { Surface } from '../surface/surface.ts';
import { equalJson } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { type SecretUse, secretUses } from './shared/secret-uses.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'One issued Secret for two TLS blocks or listeners',
  why: 'cert-manager makes one certificate for each Secret: two requests with different hosts overwrite each other for ever. Two listeners that share one certificate lose HTTP/2 in some implementations, and gRPC with it. A wildcard Secret that no issuer owns is fine.',
  fix: 'give each block or listener a Secret of its own',
  find: (surface) => [
    ...sharedUses(surface),
    ...sharedCertificates(surface),
    ...askedTwice(surface),
    ...besideSecrets(surface),
  ],
};

function sharedUses(surface: Surface): Fault[] {
  const uses = secretUses(surface).filter(({ secretName }) => secretName !== '');
  const bySecret = groupedBy(uses, ({ secretName }) => [secretName]);
  return uses.flatMap((use): Fault[] => {
    const { resource, place: path, secretName, namespace, hosts } = use;
    const earlier = bySecret
      .get(secretName)
      ?.find((other) => sameNamespace(other.namespace, namespace));
    if (!earlier || earlier === use || sameHosts(earlier, use) || !isShared(earlier, use, surface))
      return [];
    if (resource.kind === 'Gateway' && earlier.resource === resource)
      return onListeners(earlier, use, surface);
    const message = `Secret ${secretName} is issued for ${shown(hosts)} here, and for ${shown(earlier.hosts)} in ${earlier.resource.kind} ${earlier.resource.name}`;
    return [{ resource, path, message }];
  });
}

/** cert-manager joins the hosts of one Gateway's listeners in one certificate; what the implementation makes of it is another matter. */
function onListeners(earlier: SecretUse, use: SecretUse, { manifests }: Surface): Fault[] {
  const { resource, place: path, secretName, hosts } = use;
  const implementation = implementationOf(resource, manifests);
  if (implementation && !implementation.losesHttp2) return [];
  const names = GATEWAY_IMPLEMENTATIONS.filter(({ losesHttp2 }) => losesHttp2)
    .map(({ name }) => name)
    .join(', ');
  const what = `Secret ${secretName} is that of two listeners, for ${shown(earlier.hosts)} and for ${shown(hosts)}`;
  return [
    {
      resource,
      path,
      severity: implementation ? undefined : 'warning',
      message: implementation
        ? `${what}: ${implementation.name} speaks HTTP/1.1 alone on both, and gRPC does not get through`
        : `${what}: some implementations speak HTTP/1.1 alone on both then (${names}), and which one this is cannot be seen here`,
      fix: 'give each listener a Secret of its own',
    },
  ];
}

function shown(hosts: readonly string[]): string {
  return hosts.join(', ') || 'all hosts';
}

/** A block that names a Secret of one Certificate for all hosts is fine; a listener is not. */
function isShared(left: SecretUse, right: SecretUse, surface: Surface): boolean {
  const owners = [left.resource, right.resource];
  return (
    owners.some(isAnnotated) ||
    (owners.every(({ kind }) => kind === 'Gateway') &&
      certificatesFor(right.secretName, right.namespace, surface).length > 0)
  );
}

/** The Secret stands in the manifests: what applies them and cert-manager write it by turns. */
function besideSecrets({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Certificate').flatMap((resource): Fault[] => {
    const name = secretNameOf(resource);
    const [secret] = manifests
      .ofKind('Secret')
      .filter((one) => one.name === name && one.namespace === resource.namespace);
    if (
      !secret ||
      Object.keys(secret.annotations).some((key) => key.startsWith('cert-manager.io/'))
    )
      return [];
    return [
      {
        resource,
        path: 'spec.secretName',
        severity: 'warning',
        message: `Secret ${name} stands in these manifests as well: each apply puts its content in place of the certificate`,
        fix: 'take the Secret away, or give the Certificate another one',
      },
    ];
  });
}

function sharedCertificates(surface: Surface): Fault[] {
  return surface.manifests.ofKind('Certificate').flatMap((resource): Fault[] => {
    const secretName = secretNameOf(resource);
    const earlier = certificatesFor(secretName, resource.namespace, surface).find(
      ({ namespace }) => namespace === resource.namespace,
    );
    if (!earlier || earlier === resource) return [];
    const message = `Certificate ${earlier.name} writes Secret ${secretName} as well`;
    const fix = 'give each Certificate a Secret of its own';
    return [{ resource, path: 'spec.secretName', message, fix }];
  });
}

/** cert-manager makes a Certificate of the Secret's name for an annotation; one of that name that is there already is left alone. */
function askedTwice(surface: Surface): Fault[] {
  return secretUses(surface)
    .filter(({ resource, secretName }) => secretName !== '' && isAnnotated(resource))
    .flatMap(({ resource, place: path, secretName, namespace }): Fault[] => {
      const other = certificatesFor(secretName, namespace, surface).find(
        ({ name }) => name !== secretName,
      );
      if (!other) return [];
      const message = `an annotation asks cert-manager for Secret ${secretName}, and Certificate ${other.name} writes it as well`;
      const fix = 'remove the annotation, or the Certificate';
      return [{ resource, path, message, fix }];
    });
}

function sameHosts(left: SecretUse, right: SecretUse): boolean {
  return equalJson([...left.hosts].sort(), [...right.hosts].sort());
}
