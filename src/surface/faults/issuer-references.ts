import { nearest } from '../../config/wording.ts';
import { someOf } from '../../errors.ts';
import {
  CERT_MANAGER_GROUP,
  ISSUER_ANNOTATIONS,
  ISSUER_GROUP,
  ISSUER_KIND,
} from '../../manifests/cert-manager.ts';
import { groupOf } from '../../manifests/manifests.ts';
import { getIn, stringAt } from '../../yaml/json.ts';
import { findIssuer, type IssuerReference, issuerReferences } from '../issuers.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

const KINDS = ['ClusterIssuer', 'Issuer'];

/** Kinds that cert-manager's own group does not have: what another group has is named with its group. */
function unknownKinds({ manifests }: Surface): Fault[] {
  const annotated = manifests.ofKind('Ingress', 'Gateway').map((resource) => ({
    resource,
    path: `metadata.annotations[${ISSUER_KIND}]`,
    kind: resource.annotation(ISSUER_KIND),
    group: resource.annotation(ISSUER_GROUP),
  }));
  const certificates = manifests.ofKind('Certificate').map((resource) => ({
    resource,
    path: 'spec.issuerRef.kind',
    kind: stringAt(resource.json, ['spec', 'issuerRef', 'kind']) || undefined,
    group: stringAt(resource.json, ['spec', 'issuerRef', 'group']) || undefined,
  }));
  return [...annotated, ...certificates].flatMap(({ resource, path, kind, group }): Fault[] => {
    if (kind === undefined || KINDS.includes(kind)) return [];
    if ((group ?? CERT_MANAGER_GROUP) !== CERT_MANAGER_GROUP) return [];
    const meant = nearest(kind, KINDS);
    return [
      {
        resource,
        path,
        message: `cert-manager has no issuers of kind ${kind}, and no group is named that has: the certificate is not issued`,
        fix: meant ? `write \`${meant}\`` : 'write `ClusterIssuer` or `Issuer`, or name the group',
      },
    ];
  });
}

/** Groups of others whose name is that of one of cert-manager's own: nobody answers such a request. */
function otherGroups({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Certificate').flatMap((resource): Fault[] => {
    const [kind, name, group] = ['kind', 'name', 'group'].map((field) =>
      stringAt(resource.json, ['spec', 'issuerRef', field]),
    ) as [string, string, string];
    if (group === '' || group === CERT_MANAGER_GROUP || !KINDS.includes(kind)) return [];
    const found = manifests.named(kind, name, kind === 'Issuer' ? resource.namespace : '');
    if (!found || groupOf(found) !== CERT_MANAGER_GROUP) return [];
    return [
      {
        resource,
        path: 'spec.issuerRef.group',
        message: `${kind} ${name} is of ${CERT_MANAGER_GROUP}, and the certificate is asked of ${group}: it is not issued`,
        fix: `write \`group: ${CERT_MANAGER_GROUP}\`, or take \`group\` away`,
      },
    ];
  });
}

/** References to issuers that should be in these manifests. */
export function missingIssuers(surface: Surface): Fault[] {
  const unknown = [...unknownKinds(surface), ...otherGroups(surface)];
  const told = new Set(unknown.map(({ resource }) => resource));
  return [...unknown, ...missing(surface).filter(({ resource }) => !told.has(resource))];
}

function missing(surface: Surface): Fault[] {
  return issuerReferences(surface).flatMap((reference) => {
    if (findIssuer(reference, surface)) return [];
    const { owner, place, kind, name } = reference;
    // With both annotations one is too many, whatever they name: a finding of its own.
    if (Object.values(ISSUER_ANNOTATIONS).every((key) => owner.annotation(key))) return [];
    const other = otherKind(reference, surface) ?? elsewhere(reference, surface);
    if (other) return [{ resource: owner, path: place, ...other }];
    if (!shouldBeHere(reference, surface)) return [];
    const namespace = kind === 'Issuer' ? owner.namespace : '';
    return [{ resource: owner, path: place, ...missingOfKind(kind, name, surface, namespace) }];
  });
}

/** A ClusterIssuer that is named as an Issuer, or the reverse. */
function otherKind({ kind, name, owner, place }: IssuerReference, { manifests }: Surface) {
  const wanted = kind === 'Issuer' ? 'ClusterIssuer' : 'Issuer';
  const found = manifests.named(wanted, name, wanted === 'Issuer' ? owner.namespace : '');
  if (!found) return undefined;
  const isAnnotation = place.startsWith('metadata.');
  return {
    message: `there is no ${kind} ${name}${kind === 'Issuer' && owner.namespace ? ` in namespace ${owner.namespace}` : ''}: ${name} is ${wanted === 'Issuer' ? 'an Issuer' : 'a ClusterIssuer'}`,
    fix: isAnnotation
      ? `write \`${ISSUER_ANNOTATIONS[wanted]}: ${name}\``
      : `write \`kind: ${wanted}\``,
  };
}

/** An Issuer signs for its own namespace alone. */
function elsewhere({ kind, name, owner }: IssuerReference, { manifests }: Surface) {
  const [found] = kind === 'Issuer' ? manifests.namesakes('Issuer', name) : [];
  if (!found) return undefined;
  return {
    message: `there is no Issuer ${name} in namespace ${owner.namespace}: it is in namespace ${found.namespace}, and signs for that one alone`,
    fix: `put Issuer ${name} into namespace ${owner.namespace}, or use a ClusterIssuer`,
  };
}

/** How many names a message lists. */
const SHOWN = 10;

/**
 * Of a kind, with the names that there are.
 * @param namespace - where it was looked for; left out for kinds without one
 */
export function missingOfKind(kind: string, name: string, { manifests }: Surface, namespace = '') {
  const all = manifests.ofKind(kind);
  const names = all.map((own) =>
    own.namespace === namespace || own.namespace === ''
      ? own.name
      : `${own.name} (namespace ${own.namespace})`,
  );
  return {
    message: `there is no ${kind} ${name}${namespace === '' ? '' : ` in namespace ${namespace}`}`,
    fix: all.length > 0 ? `name one of: ${someOf(names, SHOWN)}` : undefined,
  };
}

/** With modes that make an issuer it is part of the overlay; in other streams where there are issuers that sign for others. */
function shouldBeHere({ kind }: IssuerReference, { settings, manifests }: Surface): boolean {
  if (settings) return settings.tlsMode === 'acme' || settings.tlsMode === 'ca';
  return manifests
    .ofKind(kind)
    .some(({ json }) => getIn(json, ['spec', 'selfSigned']) === undefined);
}
