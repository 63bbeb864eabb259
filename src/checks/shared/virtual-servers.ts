/**
 * VirtualServers, and Ingresses of F5's controller, that lead to what is not there.
 *
 * Source: F5 NGINX Ingress Controller, "VirtualServer and VirtualServerRoute" (`action.pass` names an upstream; `listener` one of a
 * GlobalConfiguration) and "Cross-namespace configuration" (a minion needs the master of its host).
 */
import { CONTROLLERS } from '../../controllers/index.ts';
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, list, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { placesOf } from '../../yaml/places.ts';

const GROUP = 'k8s.nginx.org';
const PASSES = [
  ['action', 'pass'],
  ['action', 'proxy', 'upstream'],
  ['splits', '*', 'action', 'pass'],
  ['matches', '*', 'action', 'pass'],
];

/** One fault for each name. */
export function virtualServerFaults(surface: Surface): Fault[] {
  const servers = surface.manifests
    .ofKind('VirtualServer', 'VirtualServerRoute')
    .filter((one) => groupOf(one) === GROUP);
  return [
    ...servers.flatMap((server) => [...upstreams(server), ...listeners(server, surface)]),
    ...minions(surface),
  ];
}

function upstreams(server: Resource): Fault[] {
  const known = list(getIn(server.json, ['spec', 'upstreams'])).map(({ name }) => asText(name));
  const routes = server.kind === 'VirtualServer' ? 'routes' : 'subroutes';
  return PASSES.flatMap((path) => placesOf(server.json, ['spec', routes, '*', ...path])).flatMap(
    ({ value, path }): Fault[] => {
      if (typeof value !== 'string' || known.includes(value)) return [];
      return [
        {
          resource: server,
          path: toPath(path),
          message: `there is no upstream ${value} in it, it has ${known.join(', ') || 'none'}: the resource is refused`,
          fix: `write one of: ${known.join(', ')}`,
        },
      ];
    },
  );
}

function listeners(server: Resource, { manifests }: Surface): Fault[] {
  const wanted = getIn(server.json, ['spec', 'listener']);
  const configs = manifests.ofKind('GlobalConfiguration').filter((one) => groupOf(one) === GROUP);
  const known = configs.flatMap(({ json }) =>
    list(getIn(json, ['spec', 'listeners'])).map(({ name }) => asText(name)),
  );
  if (!isObject(wanted)) return [];
  return Object.entries(wanted).flatMap(([key, name]): Fault[] => {
    if (typeof name !== 'string' || known.includes(name)) return [];
    return [
      {
        resource: server,
        path: `spec.listener.${key}`,
        severity: configs.length > 0 ? undefined : 'warning',
        message:
          configs.length > 0
            ? `no GlobalConfiguration has a listener ${name}, there are ${known.join(', ')}: nothing is served`
            : `no GlobalConfiguration of these manifests has a listener ${name}: unless another one has it, nothing is served`,
        fix:
          known.length > 0
            ? `write one of: ${known.join(', ')}`
            : 'add the GlobalConfiguration, or take `listener` away',
      },
    ];
  });
}

const [MERGEABLE = ''] = Object.keys(CONTROLLERS['nginx-inc'].sharedPaths ?? {});

function minions({ entries, manifests }: Surface): Fault[] {
  const hostsOf = (ingress: Resource) =>
    list(getIn(ingress.json, ['spec', 'rules'])).map((rule) => stringAt(rule, ['host']));
  const masters = manifests
    .ofKind('Ingress')
    .filter((one) => one.annotation(MERGEABLE) === 'master')
    .flatMap(hostsOf);
  return entries
    .filter(({ form, roles }) => form === 'ingress' && roles.size > 0)
    .filter(({ resource }) => resource.annotation(MERGEABLE) === 'minion')
    .flatMap(({ resource }): Fault[] => {
      const lost = hostsOf(resource).filter((host) => !masters.includes(host));
      if (lost.length === 0) return [];
      return [
        {
          resource,
          path: `metadata.annotations[${MERGEABLE}]`,
          severity: masters.length > 0 ? undefined : 'warning',
          message: `it is a minion, and no master of these manifests has the host ${lost.join(', ')}: it is not served`,
          fix: 'take the annotation away, or add the master',
        },
      ];
    });
}
