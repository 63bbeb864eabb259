/** Whether what an Istio VirtualService and its Gateway name is there. */

import { ROUTE_DURATIONS, STREAM_SECONDS, secondsOf } from '../controllers/shared/durations.ts';
import {
  destinationsOf,
  gatewaysOf,
  type IstioDestination,
  istioOfKind,
  istioResources,
  serversOf,
  serverTakes,
} from '../manifests/istio-objects.ts';
import { selectsPods } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames, isMisspelled } from '../surface/near-names.ts';
import { once, onceBy } from '../surface/once.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, list, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { istioServerFaults, unreached } from './shared/istio-servers.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A VirtualService that Istio leads nowhere',
  why: 'Istio takes a VirtualService whose Gateway, host, Service, port or subset is not there, and answers 404 or 503; a timeout on it ends streams.',
  fix: 'name a Gateway whose servers have the host, a Service with the port, and a subset that a DestinationRule has',
  find: (surface) => [
    ...istioServerFaults(surface),
    ...istioResources(surface.manifests, 'VirtualService').flatMap((route) => [
      ...onGateways(route, surface),
      ...injected(route, surface),
      ...unreachable(route, surface),
      ...destinationsOf(route).flatMap((to) => [
        ...onDestination(route, to, surface),
        ...onSubset(route, to, surface),
      ]),
    ]),
  ],
};

/** Of every cluster that nobody gave another. */
const CLUSTER_DOMAIN = 'cluster.local';

const gatewaysBy = (keysOf: (gateway: Resource) => readonly string[]) =>
  onceBy((surface) => istioResources(surface.manifests, 'Gateway'), keysOf);
const gatewaysNamed = gatewaysBy(({ name }) => [name]);
const gatewaysWith = gatewaysBy((gateway) => serversOf(gateway).flatMap(({ hosts }) => hosts));
const allGateways = once((surface) => istioResources(surface.manifests, 'Gateway'));
const servicesIn = onceBy(
  ({ services }: Surface) => services,
  ({ namespace }) => [namespace],
);
const ourRoutes = once((surface) => new Set(otherEntries(surface).map(({ resource }) => resource)));

function onGateways(route: Resource, surface: Surface): Fault[] {
  const named = gatewaysOf(route);
  const hosts = strings(getIn(route.json, ['spec', 'hosts']));
  const found = named.map((text) => {
    const [name = '', namespace = route.namespace] = text.split('/').reverse();
    return gatewaysNamed(name, surface).find((one) => sameNamespace(one.namespace, namespace));
  });
  const known = found.flatMap((gateway) => gateway ?? []);
  const misnamed = named.flatMap((text, index): Fault[] => {
    if (text === 'mesh' || found[index]) return [];
    const name = text.replace(/^.*\//, '');
    const near =
      gatewaysNamed(name, surface)[0] ??
      allGateways(surface).find((one) => areNearNames(one.name, name));
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
  if (named.every((text) => text === 'mesh')) return unbound(route, hosts, surface);
  const shut = unreached(route, known, surface);
  if (shut.length > 0) return shut;
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
function unbound(route: Resource, hosts: readonly string[], surface: Surface): Fault[] {
  if (!leadsToOurs(route, surface)) return [];
  const [gateway] = hosts.flatMap((host) => gatewaysWith(host, surface));
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

/** Source: Istio, "VirtualService": `fault` answers, or holds back, a share of the calls by itself. */
function injected(route: Resource, surface: Surface): Fault[] {
  if (!leadsToOurs(route, surface)) return [];
  return list(getIn(route.json, ['spec', 'http'])).flatMap((rule, index) =>
    ['abort', 'delay'].flatMap((kind): Fault[] => {
      const fault = getIn(rule, ['fault', kind]);
      const share = getIn(fault, ['percentage', 'value']) ?? 100;
      if (!isObject(fault) || share === 0) return [];
      return [
        {
          resource: route,
          path: `spec.http[${index}].fault.${kind}`,
          severity: Number(share) >= 50 && kind === 'abort' ? undefined : 'warning',
          message: `${asText(share)} of 100 calls are ${kind === 'abort' ? 'answered with an error' : 'held back'} by Istio itself, as a test of faults`,
          fix: 'take `fault` away',
        },
      ];
    }),
  );
}

/** The first rule that matches decides. */
function unreachable(route: Resource, surface: Surface): Fault[] {
  if (!leadsToOurs(route, surface)) return [];
  const rules = list(getIn(route.json, ['spec', 'http']));
  const takesAll = ({ match }: (typeof rules)[number]) => {
    const conditions = list(match);
    return (
      conditions.length === 0 ||
      conditions.some(
        (one) => Object.keys(one).join() === 'uri' && getIn(one, ['uri', 'prefix']) === '/',
      )
    );
  };
  const first = rules.findIndex(takesAll);
  const hostsIn = (rule: (typeof rules)[number] | undefined) =>
    list(rule?.['route']).map((to) => stringAt(to, ['destination', 'host']));
  return rules.flatMap((rule, index): Fault[] => {
    const others = hostsIn(rule).filter((host) => !hostsIn(rules[first]).includes(host));
    if (first < 0 || index <= first || others.length === 0) return [];
    return [
      {
        resource: route,
        path: `spec.http[${index}]`,
        message: `rule ${first + 1} takes every request, so that nothing is led to ${others.join(', ')}`,
        fix: `put it before rule ${first + 1}`,
      },
    ];
  });
}

function leadsToOurs(route: Resource, surface: Surface): boolean {
  return ourRoutes(surface).has(route);
}

function onDestination(route: Resource, to: IstioDestination, surface: Surface): Fault[] {
  const address = parseServiceAddress(to.host);
  if (!address) return [];
  const home = address.namespace ?? route.namespace;
  const zone = address.zone.slice(1).join('.');
  if (isMisspelled(zone, CLUSTER_DOMAIN))
    return [
      {
        resource: route,
        path: `${to.place}.host`,
        message: `no Service is called ${to.host}: the domain of the cluster is ${CLUSTER_DOMAIN}`,
        fix: `write \`${address.name}.${home}.svc.${CLUSTER_DOMAIN}\``,
      },
    ];
  const namesakes = surface.manifests.namesakes('Service', address.name);
  const service = namesakes.find(({ namespace }) => sameNamespace(namespace, home));
  if (!service) {
    const near = servicesIn(home, surface).find((one) => areNearNames(one.name, address.name));
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

/** The DestinationRules for each Service, by `namespace/name`. */
const rulesFor = onceBy(
  (surface) => istioOfKind(surface.manifests, 'DestinationRule'),
  (rule) => [serviceKey(stringAt(rule.json, ['spec', 'host']), rule.namespace)],
);

function serviceKey(host: string, namespace: string): string {
  const address = parseServiceAddress(host);
  return address ? `${address.namespace ?? namespace}/${address.name}` : host;
}

function onSubset(route: Resource, to: IstioDestination, surface: Surface): Fault[] {
  if (to.subset === '') return [];
  const rules = rulesFor(serviceKey(to.host, route.namespace), surface);
  const subsets = rules.flatMap(({ json }) =>
    list(getIn(json, ['spec', 'subsets'])).map(({ name }) => asText(name)),
  );
  if (subsets.includes(to.subset))
    return rules.flatMap((rule) => withoutPods(rule, to, route.namespace, surface));
  const isKnown = rules.length > 0;
  return [
    {
      resource: route,
      path: `${to.place}.subset`,
      // A DestinationRule may be in another stream.
      severity: isKnown ? undefined : 'warning',
      message: isKnown
        ? `${rules.map(({ name }) => `DestinationRule ${name}`).join(', ')} has no subset ${to.subset} of ${to.host}${subsets.length > 0 ? `, it has ${subsets.join(', ')}` : ''}: calls are answered with 503`
        : `no DestinationRule of these manifests is for ${to.host}, and without one that has subset ${to.subset} calls are answered with 503`,
      fix:
        subsets.length > 0
          ? `name one of: ${subsets.join(', ')}`
          : 'take `subset` away, or add a DestinationRule that has it',
    },
  ];
}

/** The labels of a subset are looked for among those of the Service's own pods. */
function withoutPods(
  rule: Resource,
  to: IstioDestination,
  namespace: string,
  surface: Surface,
): Fault[] {
  const address = parseServiceAddress(to.host);
  const service =
    address && surface.manifests.named('Service', address.name, address.namespace ?? namespace);
  const pods = service ? surface.podsOf(service) : [];
  return list(getIn(rule.json, ['spec', 'subsets'])).flatMap(({ name, labels }, index): Fault[] => {
    if (asText(name) !== to.subset || !isObject(labels) || pods.length === 0) return [];
    if (pods.some((pod) => selectsPods({ matchLabels: labels }, pod))) return [];
    const shown = Object.entries(labels).map(([key, value]) => `${key}=${asText(value)}`);
    return [
      {
        resource: rule,
        path: `spec.subsets[${index}].labels`,
        message: `no pod of Service ${service?.name} has ${shown.join(', ')}, by which subset ${to.subset} takes them: calls are answered with 503`,
        fix: 'give the pod template the labels, or the subset labels that the pods have',
      },
    ];
  });
}

function onTimeout(
  route: Resource,
  { timeout, routePlace }: IstioDestination,
  surface: Surface,
): Fault[] {
  const seconds = typeof timeout === 'string' ? secondsOf(timeout, ROUTE_DURATIONS) : undefined;
  if (!seconds || seconds >= STREAM_SECONDS || !leadsToOurs(route, surface)) return [];
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
