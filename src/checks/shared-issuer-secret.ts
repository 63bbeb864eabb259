import { secretNameOf } from '../manifests/certificate.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { certificatesFor, isAnnotated } from '../surface/issuers.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { type SecretUse, secretUses } from './shared/secret-uses.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'One issued Secret for two TLS blocks or listeners',
  why: 'cert-manager makes one certificate for each Secret: two requests with different hosts overwrite each other for ever. Two listeners that share one certificate lose HTTP/2 in some implementations, and gRPC with it. A wildcard Secret that no issuer owns is fine.',
  mend: 'give each block or listener a Secret of its own',
  find: (view) => {
    const uses = secretUses(view).filter(({ secretName }) => secretName !== '');
    const fromUses = uses.flatMap((use, position): Fault[] => {
      const earlier = uses
        .slice(0, position)
        .find(
          (other) =>
            other.secretName === use.secretName && sameNamespace(other.namespace, use.namespace),
        );
      if (!earlier || sameHosts(earlier.hosts, use.hosts) || !isShared(earlier, use, view))
        return [];
      return [
        {
          resource: use.resource,
          path: use.place,
          message: `Secret ${use.secretName} is issued for ${use.hosts.join(', ') || 'all hosts'} here, and for ${earlier.hosts.join(', ') || 'all hosts'} in ${earlier.resource.kind} ${earlier.resource.name}`,
        },
      ];
    });
    return [...fromUses, ...sharedCertificates(view)];
  },
};

/** A block that names a Secret of one Certificate for all hosts is fine; a listener is not. */
function isShared(left: SecretUse, right: SecretUse, view: Surface): boolean {
  if (isAnnotated(left.resource) || isAnnotated(right.resource)) return true;
  const certificates = certificatesFor(right.secretName, right.namespace, view);
  return right.kind === 'listener' && left.kind === 'listener' && certificates.length > 0;
}

function sharedCertificates({ manifests }: Surface): Fault[] {
  const certificates = manifests.ofKind('Certificate');
  return certificates.flatMap((certificate, position): Fault[] => {
    const earlier = certificates
      .slice(0, position)
      .find(
        (other) =>
          secretNameOf(other) === secretNameOf(certificate) &&
          other.namespace === certificate.namespace,
      );
    if (!earlier) return [];
    return [
      {
        resource: certificate,
        path: 'spec.secretName',
        message: `Certificate ${earlier.name} writes Secret ${secretNameOf(certificate)} as well`,
        mend: 'give each Certificate a Secret of its own',
      },
    ];
  });
}

function sameHosts(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}
