/** What cert-manager is asked to certify, by whom, and at which issuer. */
import { dnsNamesOf } from '../manifests/certificate.ts';
import { certificateRefsOf, hostnameOf, listenersOf } from '../manifests/gateway.ts';
import { tlsBlocksOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { getIn, type JsonObject, objectAt, stringAt } from '../yaml/json.ts';
import { findIssuer, issuerReferences } from './issuers.ts';
import { once } from './once.ts';

/** One request for certificates. */
export interface Asked {
  /** A Certificate, or an annotated Ingress or Gateway. */
  owner: Resource;
  issuer: Resource;
  /** Host names, wildcards included, each with its place in the owner. */
  names: readonly { name: string; place: string }[];
  /** Those that selectors of solvers look at. */
  labels: JsonObject;
}

/** Every request whose issuer is in the stream. */
export const askedNames = once((surface): Asked[] =>
  issuerReferences(surface).flatMap((reference) => {
    const issuer = findIssuer(reference, surface);
    const { owner } = reference;
    const labels = objectAt(owner.json, ['metadata', 'labels']);
    return issuer ? [{ owner, issuer, names: namesOf(owner), labels }] : [];
  }),
);

function namesOf(owner: Resource): { name: string; place: string }[] {
  if (owner.kind === 'Ingress')
    return tlsBlocksOf(owner).flatMap(({ hosts, place }) => hosts.map((name) => ({ name, place })));
  if (owner.kind === 'Gateway')
    return listenersOf(owner).flatMap(({ json, place }) => {
      const name = hostnameOf(json);
      return name !== '' && certificateRefsOf(json).length > 0 ? [{ name, place }] : [];
    });
  const common = stringAt(owner.json, ['spec', 'commonName']);
  const isCa = getIn(owner.json, ['spec', 'isCA']) === true;
  return [
    ...dnsNamesOf(owner).map((name, index) => ({ name, place: `spec.dnsNames[${index}]` })),
    ...(common && !isCa ? [{ name: common, place: 'spec.commonName' }] : []),
  ];
}
