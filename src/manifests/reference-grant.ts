/** References into another namespace, and what lets them in. Source: Gateway API, "ReferenceGrant". */
import { getIn, list } from '../yaml/json.ts';
import type { Manifests } from './manifests.ts';
import type { Resource } from './resource.ts';

/** A reference that crosses a namespace. */
export interface CrossReference {
  /** Who refers: its kind and its namespace count. */
  from: Resource;
  /** `Service` or `Secret`. */
  kind: string;
  name: string;
  namespace: string;
}

/** Whether a grant of the stream lets a reference in. */
export function isGranted(reference: CrossReference, manifests: Manifests): boolean {
  return grantsIn(reference.namespace, manifests).some(
    (grant) => trusts(grant, reference) && covers(grant, reference),
  );
}

/** The grants of a namespace. */
export function grantsIn(namespace: string, manifests: Manifests): Resource[] {
  return manifests.ofKind('ReferenceGrant').filter((grant) => grant.namespace === namespace);
}

function trusts(grant: Resource, { from }: CrossReference): boolean {
  return list(getIn(grant.json, ['spec', 'from'])).some(
    ({ group, kind, namespace }) =>
      group === 'gateway.networking.k8s.io' && kind === from.kind && namespace === from.namespace,
  );
}

function covers(grant: Resource, { kind, name }: CrossReference): boolean {
  return list(getIn(grant.json, ['spec', 'to'])).some(
    (to) =>
      (to['group'] ?? '') === '' &&
      to['kind'] === kind &&
      (to['name'] === undefined || to['name'] === '' || to['name'] === name),
  );
}
