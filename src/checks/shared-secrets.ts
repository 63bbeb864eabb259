/** Secrets with certificates: where each is used, and whether an issuer owns one that is used twice. */

import type { Resource } from '../manifests/resource.ts';
import { list } from '../manifests/workloads.ts';
import { texts } from '../surface/ingress-entries.ts';
import { certificatesFor, isAnnotated } from '../surface/issuers.ts';
import { type ManifestView, sameNamespace } from '../surface/view.ts';
import { getIn } from '../yaml/json.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

/** Where a Secret with a certificate is used, and for which hosts; no hosts stand for all of them. */
export interface SecretUse {
  resource: Resource;
  place: string;
  secretName: string;
  namespace: string;
  hosts: readonly string[];
  kind: 'block' | 'listener';
}

/** Every TLS block of an Ingress and every listener of a Gateway. */
export function secretUses({ resources }: ManifestView): SecretUse[] {
  const blocks = resources.ofKind('Ingress').flatMap((resource) =>
    list(getIn(resource.json, ['spec', 'tls'])).map((block, position) => ({
      resource,
      place: `spec.tls[${position}]`,
      secretName: String(block['secretName'] ?? ''),
      namespace: resource.namespace,
      hosts: texts(block['hosts']),
      kind: 'block' as const,
    })),
  );
  const listeners = resources.ofKind('Gateway').flatMap((resource) =>
    list(getIn(resource.json, ['spec', 'listeners'])).flatMap((listener, position) =>
      list(getIn(listener, ['tls', 'certificateRefs'])).map((reference) => ({
        resource,
        place: `spec.listeners[${position}]`,
        secretName: String(reference['name'] ?? ''),
        namespace: String(reference['namespace'] ?? resource.namespace),
        hosts: texts([listener['hostname']]),
        kind: 'listener' as const,
      })),
    ),
  );
  return [...blocks, ...listeners].filter(({ secretName }) => secretName !== '');
}

const sharedIssuerSecret: Search = (view) => {
  const uses = secretUses(view);
  const fromUses = uses.flatMap((use, position): Finding[] => {
    const earlier = uses
      .slice(0, position)
      .find(
        (other) =>
          other.secretName === use.secretName && sameNamespace(other.namespace, use.namespace),
      );
    if (!earlier || sameHosts(earlier.hosts, use.hosts) || !isShared(earlier, use, view)) return [];
    return [
      finding('shared-issuer-secret', {
        resource: use.resource,
        path: use.place,
        message: `Secret ${use.secretName} is issued for ${use.hosts.join(', ') || 'all hosts'} here, and for ${earlier.hosts.join(', ') || 'all hosts'} in ${earlier.resource.kind} ${earlier.resource.name}`,
      }),
    ];
  });
  return [...fromUses, ...sharedCertificates(view)];
};

/** A block that names a Secret of one Certificate for all hosts is fine; a listener is not. */
function isShared(left: SecretUse, right: SecretUse, view: ManifestView): boolean {
  if (isAnnotated(left.resource) || isAnnotated(right.resource)) return true;
  const certificates = certificatesFor(right.secretName, right.namespace, view);
  return right.kind === 'listener' && left.kind === 'listener' && certificates.length > 0;
}

function sharedCertificates({ resources }: ManifestView): Finding[] {
  const certificates = resources.ofKind('Certificate');
  const secretOf = ({ json }: Resource) => getIn(json, ['spec', 'secretName']);
  return certificates.flatMap((certificate, position): Finding[] => {
    const earlier = certificates
      .slice(0, position)
      .find(
        (other) =>
          secretOf(other) === secretOf(certificate) && other.namespace === certificate.namespace,
      );
    if (!earlier) return [];
    return [
      finding('shared-issuer-secret', {
        resource: certificate,
        path: 'spec.secretName',
        message: `Certificate ${earlier.name} writes Secret ${String(secretOf(certificate))} as well`,
        mend: 'give each Certificate a Secret of its own',
      }),
    ];
  });
}

function sameHosts(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}

export const SHARED_SECRET_CHECKS: readonly Search[] = [sharedIssuerSecret];
