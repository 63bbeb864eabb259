import { certificateRefsOf, listenersOf } from '../manifests/gateway.ts';
import { type CrossReference, grantsIn, isGranted } from '../manifests/reference-grant.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'No ReferenceGrant for a reference into another namespace',
  why: 'A route may send requests to a Service of another namespace, and a Gateway may read a Secret there, only where a ReferenceGrant in that namespace says so: else the route answers with 500, and the listener has no certificate.',
  fix: 'make a ReferenceGrant in the namespace of what is referred to, with `from` and `to` as the reference is',
  find: (surface) => [
    ...surface.entries
      .filter(({ form, roles }) => form === 'route' && roles.size > 0)
      .flatMap(({ resource, paths }) =>
        paths.flatMap(({ backend: { kind, name, namespace, service }, place }) =>
          // One that is not there is a finding of its own.
          service ? judge({ from: resource, kind, name, namespace }, place, surface) : [],
        ),
      )
      .filter(isFirst),
    ...gatewaysOfOurs(surface).flatMap((gateway) =>
      listenersOf(gateway).flatMap(({ json, place }) =>
        certificateRefsOf(json).flatMap(({ name, namespace = gateway.namespace }, index) =>
          judge(
            { from: gateway, kind: 'Secret', name, namespace },
            `${place}.tls.certificateRefs[${index}]`,
            surface,
          ),
        ),
      ),
    ),
  ],
};

function gatewaysOfOurs({ entries }: Surface): Resource[] {
  const ours = entries.filter(({ roles }) => roles.size > 0);
  return [...new Set(ours.flatMap(({ listeners }) => listeners.map(({ gateway }) => gateway)))];
}

/** Several hosts and paths of one rule have the same backend. */
function isFirst({ path }: Fault, index: number, all: readonly Fault[]): boolean {
  return (
    all.findIndex((other) => other.path === path && other.resource === all[index]?.resource) ===
    index
  );
}

function judge(reference: CrossReference, path: string, { manifests }: Surface): Fault[] {
  const { from, kind, name, namespace } = reference;
  // Without a namespace nobody can tell what is another one.
  if (namespace === from.namespace || namespace === '' || from.namespace === '') return [];
  if (kind !== 'Service' && kind !== 'Secret') return [];
  if (isGranted(reference, manifests)) return [];
  const grants = grantsIn(namespace, manifests);
  const isHere = manifests.all.some((resource) => resource.namespace === namespace);
  const what = `${kind} ${name} in namespace ${namespace}`;
  const shown = grants.map((grant) => grant.name).join(', ');
  return [
    {
      resource: from,
      path,
      severity: isHere ? undefined : 'warning',
      message:
        grants.length > 0
          ? `no ReferenceGrant lets ${from.kind} of namespace ${from.namespace} refer to ${what}: ${shown} names others`
          : isHere
            ? `no ReferenceGrant lets ${from.kind} of namespace ${from.namespace} refer to ${what}`
            : `${what} needs a ReferenceGrant there, and nothing of that namespace is in these manifests`,
      fix: `make a ReferenceGrant in namespace ${namespace} with \`from: [{group: gateway.networking.k8s.io, kind: ${from.kind}, namespace: ${from.namespace}}]\` and \`to: [{group: "", kind: ${kind}}]\``,
    },
  ];
}
