import type { Resource } from '../../manifests/resource.ts';
import { takesHost } from '../../surface/route-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import type { FindingDetails } from '../check.ts';
import { missingOfKind } from './issuer-references.ts';

/** Parents of routes and of solvers: Gateways, and their listeners. */
export function missingGateways(view: Surface): FindingDetails[] {
  return [
    ...view.manifests
      .ofKind('HTTPRoute', 'GRPCRoute', 'TLSRoute')
      .flatMap((route) => onParents(route, ['spec', 'parentRefs'], view)),
    ...view.manifests
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
}

function onParents(
  owner: Resource,
  path: readonly (string | number)[],
  view: Surface,
): FindingDetails[] {
  return list(getIn(owner.json, path)).flatMap((parent, position): FindingDetails[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const name = String(parent['name']);
    const namespace = parent['namespace'];
    const place = `${toPath(path)}[${position}]`;
    const gateway = view.manifests.named(
      'Gateway',
      name,
      typeof namespace === 'string' ? namespace : owner.namespace,
    );
    if (!gateway) {
      if (isElsewhere(parent['namespace'], name, view)) return [];
      const missing = missingOfKind('Gateway', name, view);
      return [{ resource: owner, path: `${place}.name`, ...missing }];
    }
    const section = parent['sectionName'];
    const listeners = list(getIn(gateway.json, ['spec', 'listeners'])).map((item) => item['name']);
    if (typeof section !== 'string') return hostNotTaken(owner, gateway);
    if (listeners.includes(section)) return [];
    return [
      {
        resource: owner,
        path: `${place}.sectionName`,
        message: `Gateway ${gateway.name} has no listener ${section}`,
        mend: `name one of: ${listeners.join(', ')}`,
      },
    ];
  });
}

/** A route that no listener takes is attached to none. */
function hostNotTaken(owner: Resource, gateway: Resource): FindingDetails[] {
  const hosts = strings(getIn(owner.json, ['spec', 'hostnames']));
  const listeners = list(getIn(gateway.json, ['spec', 'listeners']));
  if (hosts.length === 0 || listeners.some((listener) => takesHost(listener, hosts))) return [];
  return [
    {
      resource: owner,
      path: 'spec.hostnames',
      message: `no listener of Gateway ${gateway.name} takes ${hosts.join(', ')}`,
      mend: 'add a listener for the host, or write its host into the route',
    },
  ];
}

/** A Gateway that the config says exists, of another namespace, or of a stream that has none at all. */
function isElsewhere(namespace: unknown, name: string, { settings, manifests }: Surface): boolean {
  const given = Object.values(settings?.entries ?? {}).flatMap(
    ({ gateway }) => gateway?.value.parentRefs ?? [],
  );
  if (given.some((reference) => reference.name === name)) return true;
  const isForeign =
    typeof namespace === 'string' &&
    !manifests.all.some((resource) => resource.namespace === namespace);
  if (isForeign) return true;
  return manifests.ofKind('Gateway').length === 0 && (settings === undefined || given.length > 0);
}
