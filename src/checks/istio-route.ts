/** Whether what an Istio VirtualService and its Gateway name is there. */

import { ROUTE_DURATIONS, secondsOf } from '../controllers/shared/durations.ts';
import {
  destinationsOf,
  gatewaysOf,
  type IstioDestination,
  istioResources,
  serversOf,
  serverTakes,
} from '../manifests/istio-objects.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A VirtualService that Istio leads nowhere',
  why: 'Istio takes a VirtualService whose Gateway, host, Service or port is not there, and answers 404 or 503; a timeout on it ends streams.',
  fix: 'name a Gateway whose servers have the host, and a Service with the port',
  find: (surface) => {
    const routes = istioResources(surface.manifests, 'VirtualService');
    return routes.flatMap((route) => [
      ...onGateways(route, surface),
      ...destinationsOf(route).flatMap((to) => onDestination(route, to, surface)),
    ]);
  },
};

function onGateways(route: Resource, surface: Surface): Fault[] {
  const all = istioResources(surface.manifests, 'Gateway');
  const named = gatewaysOf(route);
  const hosts = strings(getIn(route.json, ['spec', 'hosts']));
  const found = named.map((text) => {
    const [name = '', namespace = route.namespace] = text.split('/').reverse();
    return all.find((one) => one.name === name && sameNamespace(one.namespace, namespace));
  });
  const known = found.flatMap((gateway) => gateway ?? []);
  const misnamed = named.flatMap((text, index): Fault[] => {
    if (text === 'mesh' || found[index]) return [];
    const name = text.replace(/^.*\//, '');
    const near = all.find((one) => one.name === name || areNearNames(one.name, name));
    if (!near) return [];
    const right = `${near.namespace === route.namespace ? '' : `${near.namespace}/`}${near.name}`;
    return [
      {
        resource: route,
        path: `spec.gateways[${index}]`,
        message: `there is no Gateway ${text}; Gateway ${right} is there`,
        fix: `write \`${right}\``,
      },
    ];
  });
  if (misnamed.length > 0) return misnamed;
  if (named.every((text) => text === 'mesh')) return unbound(route, hosts, all, surface);
  // Another of its Gateways may be in another stream, and take the host.
  if (known.length < named.filter((text) => text !== 'mesh').length) return [];
  return hosts.flatMap((host, index): Fault[] => {
    const servers = known.flatMap(serversOf);
    if (servers.some((server) => serverTakes(server, host)) || !host.includes('.')) return [];
    // For sidecars: the name of a Service.
    if (named.includes('mesh') && parseServiceAddress(host)) return [];
    return [
      {
        resource: route,
        path: `spec.hosts[${index}]`,
        message: `no server of Gateway ${known.map(({ name }) => name).join(', ')} takes ${host}: ${[...new Set(servers.flatMap((one) => one.hosts))].join(', ')}`,
        fix: 'give a server of the Gateway the host, or the VirtualService a host of a server',
      },
    ];
  });
}

/** It names no Gateway, and one has its host. */
function unbound(
  route: Resource,
  hosts: readonly string[],
  all: readonly Resource[],
  surface: Surface,
): Fault[] {
  if (!leadsToOurs(route, surface)) return [];
  const gateway = all.find((one) =>
    serversOf(one).some((server) => hosts.some((host) => server.hosts.includes(host))),
  );
  if (!gateway) return [];
  const right = `${gateway.namespace === route.namespace ? '' : `${gateway.namespace}/`}${gateway.name}`;
  return [
    {
      resource: route,
      path: 'spec.gateways',
      message: `VirtualService ${route.name} holds for sidecars alone, and its host is that of Gateway ${gateway.name}`,
      fix: `add \`gateways: [${right}]\``,
    },
  ];
}

function leadsToOurs(route: Resource, surface: Surface): boolean {
  return otherEntries(surface).some(({ resource }) => resource === route);
}

function onDestination(route: Resource, to: IstioDestination, surface: Surface): Fault[] {
  const address = parseServiceAddress(to.host);
  if (!address) return [];
  const home = address.namespace ?? route.namespace;
  const all = surface.services.filter((one) => sameNamespace(one.namespace, home));
  const service = all.find((one) => one.name === address.name);
  if (!service) {
    const near = all.find((one) => areNearNames(one.name, address.name));
    if (!near) return [];
    return [
      {
        resource: route,
        path: `${to.place}.host`,
        message: `there is no Service ${address.name} in namespace ${home}; Service ${near.name} is there`,
        fix: `write \`${near.name}\` in its place`,
      },
    ];
  }
  const ports = servicePorts(service);
  if (typeof to.port === 'number' && !ports.some(({ port }) => port === to.port))
    return [
      {
        resource: route,
        path: `${to.place}.port.number`,
        message: `Service ${service.name} has no port ${to.port}, it has ${ports.map(({ port }) => port).join(', ')}`,
        fix: `use one of them: ${ports.map(({ port }) => port).join(', ')}`,
      },
    ];
  return [...onTimeout(route, to, surface), ...onProtocol(service, to, surface)];
}

const HOUR = 3600;

function onTimeout(
  route: Resource,
  { timeout, routePlace }: IstioDestination,
  surface: Surface,
): Fault[] {
  const seconds = typeof timeout === 'string' ? secondsOf(timeout, ROUTE_DURATIONS) : undefined;
  if (!seconds || seconds >= HOUR || !leadsToOurs(route, surface)) return [];
  return [
    {
      resource: route,
      path: `${routePlace}.timeout`,
      severity: seconds > 60 ? 'warning' : undefined,
      message: `the route ends calls after ${seconds} s, streams among them`,
      fix: 'take `timeout` away: Istio has none by default',
    },
  ];
}

/** Istio reads the protocol from the name of the port, where `appProtocol` does not say. */
function onProtocol(service: Resource, { port }: IstioDestination, surface: Surface): Fault[] {
  if (!surface.apiServices.includes(service)) return [];
  return servicePorts(service).flatMap(({ index, name, port: own, appProtocol }): Fault[] => {
    if ((port !== undefined && own !== port) || !/^(?:tcp|udp)(?:-|$)/.test(name)) return [];
    if (appProtocol !== '') return [];
    return [
      {
        resource: service,
        path: `spec.ports[${index}].name`,
        message: `the port is named ${name}, by which Istio takes it for ${name.replace(/-.*/, '').toUpperCase()}, and the API server speaks gRPC`,
        fix: 'name the port `grpc`, or set `appProtocol: grpc`',
      },
    ];
  });
}
