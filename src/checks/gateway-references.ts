/** What routes and solvers refer to: Gateways, their listeners, Services. */

import type { Resource } from '../manifests/resource.ts';
import { list } from '../manifests/workloads.ts';
import { texts } from '../surface/ingress-entries.ts';
import { takesHost } from '../surface/route-entries.ts';
import { suggestService } from '../surface/upstreams.ts';
import type { ManifestView } from '../surface/view.ts';
import { getIn } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

const gateways: Search = (view) => [
  ...view.resources
    .ofKind('HTTPRoute', 'GRPCRoute', 'TLSRoute')
    .flatMap((route) => onParents(route, ['spec', 'parentRefs'], view)),
  ...view.resources
    .ofKind('Issuer', 'ClusterIssuer')
    .flatMap((issuer) =>
      list(getIn(issuer.json, ['spec', 'acme', 'solvers'])).flatMap((_, position) =>
        onParents(
          issuer,
          ['spec', 'acme', 'solvers', position, 'http01', 'gatewayHTTPRoute', 'parentRefs'],
          view,
        ),
      ),
    ),
];

function onParents(
  owner: Resource,
  path: readonly (string | number)[],
  view: ManifestView,
): Finding[] {
  return list(getIn(owner.json, path)).flatMap((parent, position): Finding[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const name = String(parent['name']);
    const namespace = parent['namespace'];
    const place = `${toPath(path)}[${position}]`;
    const gateway = view.resources.find(
      'Gateway',
      name,
      typeof namespace === 'string' ? namespace : owner.namespace,
    );
    if (!gateway) {
      if (isElsewhere(parent['namespace'], name, view)) return [];
      const others = view.resources.ofKind('Gateway').map((other) => other.name);
      return [
        finding('reference-missing', {
          resource: owner,
          path: `${place}.name`,
          message: `there is no Gateway ${name}`,
          mend: others.length > 0 ? `name one of: ${others.join(', ')}` : undefined,
        }),
      ];
    }
    const section = parent['sectionName'];
    const listeners = list(getIn(gateway.json, ['spec', 'listeners'])).map((item) => item['name']);
    if (typeof section !== 'string') return hostNotTaken(owner, gateway);
    if (listeners.includes(section)) return [];
    return [
      finding('reference-missing', {
        resource: owner,
        path: `${place}.sectionName`,
        message: `Gateway ${gateway.name} has no listener ${section}`,
        mend: `name one of: ${listeners.join(', ')}`,
      }),
    ];
  });
}

/** A route that no listener takes is attached to none. */
function hostNotTaken(owner: Resource, gateway: Resource): Finding[] {
  const hosts = texts(getIn(owner.json, ['spec', 'hostnames']));
  const listeners = list(getIn(gateway.json, ['spec', 'listeners']));
  if (hosts.length === 0 || listeners.some((listener) => takesHost(listener, hosts))) return [];
  return [
    finding('reference-missing', {
      resource: owner,
      path: 'spec.hostnames',
      message: `no listener of Gateway ${gateway.name} takes ${hosts.join(', ')}`,
      mend: 'add a listener for the host, or write its host into the route',
    }),
  ];
}

/** A Gateway that the config says exists, of another namespace, or of a stream that has none at all. */
function isElsewhere(
  namespace: unknown,
  name: string,
  { settings, resources }: ManifestView,
): boolean {
  const given = Object.values(settings?.entries ?? {}).flatMap(
    ({ gateway }) => gateway?.value.parentRefs ?? [],
  );
  if (given.some((reference) => reference.name === name)) return true;
  const isForeign =
    typeof namespace === 'string' &&
    !resources.all.some((resource) => resource.namespace === namespace);
  if (isForeign) return true;
  return resources.ofKind('Gateway').length === 0 && (settings === undefined || given.length > 0);
}

/** Backends of routes; those of Ingresses are followed by kustomize, and have a code of their own. */
const routeBackends: Search = (view) =>
  view.entries
    .filter(({ form }) => form === 'route')
    .flatMap(({ resource, paths }) => {
      const seen = new Set<string>();
      return paths.flatMap(({ backend, place, role }) => {
        const isSeen = seen.has(place);
        seen.add(place);
        const isService = backend.kind === 'Service' && view.services.length > 0;
        // In a namespace that nothing here is in, other programs' backends may be in another stream.
        const isNamed =
          role !== undefined ||
          backend.namespace === resource.namespace ||
          view.services.some(({ namespace }) => namespace === backend.namespace);
        if (isSeen || backend.service || !isService || !isNamed) return [];
        return [
          finding('reference-missing', {
            resource,
            path: place,
            message: `there is no Service ${backend.name}${backend.namespace === resource.namespace ? '' : ` in namespace ${backend.namespace}`}`,
            mend: suggestService(backend.name, view),
          }),
        ];
      });
    });

export const GATEWAY_REFERENCE_CHECKS: readonly Search[] = [gateways, routeBackends];
