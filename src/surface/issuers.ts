/** Which issuer is asked for a certificate, by which annotation or Certificate, and which solver answers its ACME challenge. */
import {
  CERT_MANAGER_GROUP,
  ISSUER_ANNOTATIONS,
  ISSUER_GROUP,
  ISSUER_KIND,
  TLS_ACME,
} from '../manifests/cert-manager.ts';
import { secretNameOf } from '../manifests/certificate.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import { getIn, isObject, list } from '../yaml/json.ts';
import { once, onceBy } from './once.ts';
import type { Surface } from './surface.ts';

/** A reference to an issuer of cert-manager's own group. */
export interface IssuerReference {
  kind: 'Issuer' | 'ClusterIssuer';
  name: string;
  /** Where the reference stands. */
  owner: Resource;
  place: string;
}

/** Whether cert-manager makes the Secrets of an Ingress or a Gateway because of an annotation. */
export function isAnnotated(resource: Resource): boolean {
  return (
    resource.annotation(TLS_ACME) === 'true' ||
    Object.values(ISSUER_ANNOTATIONS).some((key) => resource.annotation(key) !== undefined)
  );
}

/** Every reference to an issuer; those to an external issuer's API group are left out. */
export const issuerReferences = once(({ manifests }): IssuerReference[] => {
  const annotated = manifests.ofKind('Ingress', 'Gateway').flatMap((owner) => {
    const group = owner.annotation(ISSUER_GROUP);
    if (group !== undefined && group !== CERT_MANAGER_GROUP) return [];
    // Says of which kind the other annotation is.
    const written = owner.annotation(ISSUER_KIND);
    return (['ClusterIssuer', 'Issuer'] as const).flatMap((own) => {
      const key = ISSUER_ANNOTATIONS[own];
      const name = owner.annotation(key);
      const kind = written === 'ClusterIssuer' ? written : own;
      return name ? [{ kind, name, owner, place: `metadata.annotations[${key}]` }] : [];
    });
  });
  const certificates = manifests.ofKind('Certificate').flatMap((owner): IssuerReference[] => {
    const reference = getIn(owner.json, ['spec', 'issuerRef']);
    if (!isObject(reference) || typeof reference['name'] !== 'string') return [];
    if ((reference['group'] ?? CERT_MANAGER_GROUP) !== CERT_MANAGER_GROUP) return [];
    const kind = reference['kind'] === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer';
    return [{ kind, name: reference['name'], owner, place: 'spec.issuerRef.name' }];
  });
  return [...annotated, ...certificates];
});

/** Those that stand in a resource. */
export const referencesIn = onceBy(issuerReferences, ({ owner }) => [owner]);

/** The issuer that a reference names, where it is in the stream. */
export function findIssuer(
  { kind, name, owner }: IssuerReference,
  { manifests }: Surface,
): Resource | undefined {
  return manifests.named(kind, name, kind === 'Issuer' ? owner.namespace : '');
}

const secretNames = (certificate: Resource) => [secretNameOf(certificate)].filter(Boolean);

/** Certificates that write a Secret. */
export function certificatesFor(
  secretName: string,
  namespace: string,
  { manifests }: Surface,
): Resource[] {
  return manifests
    .withKey(secretNames, secretName, 'Certificate')
    .filter((certificate) => sameNamespace(certificate.namespace, namespace));
}

/** Whether one of the names is the host, or a wildcard for its first label. */
export function covers(names: readonly string[], host: string): boolean {
  return names.some((name) => matchesWildcard(name, host, 'one'));
}

/** The same for many hosts: what is named in so many words is found at once. */
export function coveredBy(names: readonly string[]): (host: string) => boolean {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const wildcards = names.filter((name) => name.startsWith('*'));
  return (host) => known.has(host.toLowerCase()) || covers(wildcards, host);
}

/** Namespaces in which a certificate is asked of an issuer of this stream that solves by HTTP-01: there its solvers start. */
export function solvedNamespaces(surface: Surface): string[] {
  return issuerReferences(surface)
    .filter((reference) => {
      const issuer = findIssuer(reference, surface);
      const solvers = list(getIn(issuer?.json, ['spec', 'acme', 'solvers']));
      return solvers.length > 0 && solvers.every(({ http01 }) => isObject(http01));
    })
    .map(({ owner }) => owner.namespace);
}
