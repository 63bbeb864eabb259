/**
 * Servers of Istio's Gateways that are refused, or that no VirtualService reaches.
 *
 * Sources: Istio, `pkg/config/validation` (`port names in servers must be unique`, `server must have TLS settings for HTTPS/TLS protocols`,
 * `server cannot have TLS settings for plain text HTTP ports`); "Gateway", `hosts` (`namespace/host`, a dot for its own namespace) and
 * `tls.mode` (with PASSTHROUGH routes are chosen by SNI, under `tls`); "VirtualService", `exportTo`; `credentialName` is looked for beside the pods.
 */
import {
  type IstioServer,
  istioResources,
  scopesOf,
  serversOf,
  serverTakes,
} from '../../manifests/istio-objects.ts';
import { selectsPods } from '../../manifests/label-selectors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, list, objectAt, stringAt, strings } from '../../yaml/json.ts';

/** Of one Gateway. */
export function serverFaults(gateway: Resource, surface: Surface): Fault[] {
  const servers = serversOf(gateway);
  return [
    ...portNames(gateway, servers),
    ...withoutPods(gateway, surface),
    ...servers.flatMap((server) => [
      ...protocolFault(gateway, server),
      ...secretElsewhere(gateway, server, surface),
    ]),
  ];
}

/** A gateway of the namespace is here, with another value of the label that is asked for. */
function withoutPods(gateway: Resource, surface: Surface): Fault[] {
  const selector = objectAt(gateway.json, ['spec', 'selector']);
  const wanted = Object.entries(selector).filter(([, value]) => typeof value === 'string');
  if (wanted.length === 0 || podsOf(gateway, surface).length > 0) return [];
  for (const pod of surface.workloads.filter((one) => one.namespace === gateway.namespace)) {
    const labels = podMetadataOf(pod, 'labels');
    const rest = wanted.filter(([key, value]) => labels[key] !== value);
    if (!rest.every(([key]) => typeof labels[key] === 'string')) continue;
    return [
      {
        resource: gateway,
        path: 'spec.selector',
        severity: 'warning',
        message: `no pod here has ${rest.map(([key, value]) => `${key}=${asText(value)}`).join(', ')}; ${pod.kind} ${pod.name} has ${rest.map(([key]) => `${key}=${asText(labels[key])}`).join(', ')}: no gateway serves it unless another stream has one`,
        fix: 'write the labels of the pods of the gateway',
      },
    ];
  }
  return [];
}

function portNames(gateway: Resource, servers: readonly IstioServer[]): Fault[] {
  const names = servers.map(({ json }) => stringAt(json, ['port', 'name']));
  return servers.flatMap(({ place }, index): Fault[] => {
    const name = names[index] ?? '';
    if (name === '' || names.indexOf(name) === index) return [];
    return [
      {
        resource: gateway,
        path: `${place}.port.name`,
        message: `two servers have a port of the name ${name}: the Gateway is refused`,
        fix: 'give each server a port name of its own',
      },
    ];
  });
}

function protocolFault(gateway: Resource, { json, place }: IstioServer): Fault[] {
  const protocol = asText(getIn(json, ['port', 'protocol']) ?? '').toUpperCase();
  const tls = getIn(json, ['tls']);
  const isPlain = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol);
  const hasTls =
    isObject(tls) &&
    (['credentialName', 'serverCertificate', 'privateKey'].some((key) => tls[key]) ||
      !['PASSTHROUGH', undefined].includes(tls['mode'] as string | undefined));
  if (isPlain && hasTls)
    return [
      {
        resource: gateway,
        path: `${place}.port.protocol`,
        message: `the server has \`tls\`, and protocol ${protocol}, which has none: the Gateway is refused`,
        fix: 'write `protocol: HTTPS`, or leave of `tls` nothing but `httpsRedirect`',
      },
    ];
  if (!['HTTPS', 'TLS'].includes(protocol) || isObject(tls)) return [];
  return [
    {
      resource: gateway,
      path: `${place}.tls`,
      message: `protocol ${protocol} needs \`tls\`, which is not there: the Gateway is refused`,
      fix: 'add `tls` with its mode and `credentialName`',
    },
  ];
}

/** The pods of a gateway that are in the stream. */
function podsOf(gateway: Resource, { workloads }: Surface): Resource[] {
  const selector = objectAt(gateway.json, ['spec', 'selector']);
  if (Object.keys(selector).length === 0) return [];
  return workloads.filter((pod) => selectsPods({ matchLabels: selector }, pod));
}

/** Made in a namespace whose pods are all here, and none of them is the gateway's. */
function secretElsewhere(
  gateway: Resource,
  { json, place }: IstioServer,
  surface: Surface,
): Fault[] {
  const name = stringAt(json, ['tls', 'credentialName']);
  const made = name === '' ? [] : providersOf('Secret', surface).filter((one) => one.name === name);
  const [first] = made;
  // With the pods here, their namespace decides, in a finding of its own.
  if (!first || podsOf(gateway, surface).length > 0) return [];
  const isApart = made.every(
    (one) =>
      one.namespace !== undefined &&
      !isProvidedIn(one, gateway.namespace) &&
      surface.workloads.some((pod) => pod.namespace === one.namespace),
  );
  if (!isApart) return [];
  return [
    {
      resource: gateway,
      path: `${place}.tls.credentialName`,
      severity: 'warning',
      message: `Secret ${name} is made in namespace ${first.namespace}, where no pod of the gateway is: Istio looks for it in the namespace of these pods`,
      fix: `make it in the namespace of the gateway's pods${gateway.namespace ? `, ${gateway.namespace} perhaps` : ''}`,
    },
  ];
}

/** What keeps a VirtualService from the servers of a Gateway that have its host. */
export function unreached(
  route: Resource,
  gateways: readonly Resource[],
  surface: Surface,
): Fault[] {
  const hosts = strings(getIn(route.json, ['spec', 'hosts']));
  return [
    ...gateways.flatMap((gateway) => [
      ...notExported(route, gateway, surface),
      ...otherNamespaces(route, gateway, hosts),
    ]),
    ...passedThrough(route, gateways, hosts),
  ];
}

function notExported(route: Resource, gateway: Resource, surface: Surface): Fault[] {
  const exported = strings(getIn(route.json, ['spec', 'exportTo']));
  if (exported.length === 0 || exported.includes('*')) return [];
  const own = exported.map((one) => (one === '.' ? route.namespace : one));
  const pods = podsOf(gateway, surface);
  const homes = pods.length > 0 ? pods.map(({ namespace }) => namespace) : [gateway.namespace];
  if (homes.some((home) => home === '' || own.includes(home))) return [];
  return [
    {
      resource: route,
      path: 'spec.exportTo',
      // Where its pods are is not known.
      severity: pods.length > 0 ? undefined : 'warning',
      message: `it is seen in namespace ${own.join(', ') || 'none'} alone, and Gateway ${gateway.name} is in ${homes[0]}${pods.length > 0 ? '' : ', as its pods are unless they run elsewhere'}: requests get 404`,
      fix: `take \`exportTo\` away, or list ${homes[0]} there`,
    },
  ];
}

function otherNamespaces(route: Resource, gateway: Resource, hosts: readonly string[]): Fault[] {
  return hosts.flatMap((host, index): Fault[] => {
    const servers = serversOf(gateway).filter((server) => serverTakes(server, host));
    const scopes = servers.flatMap((server) => scopesOf(server, host, gateway.namespace));
    if (scopes.length === 0 || scopes.includes('*') || scopes.includes(route.namespace)) return [];
    return [
      {
        resource: route,
        path: `spec.hosts[${index}]`,
        message: `Gateway ${gateway.name} takes ${host} from VirtualServices of namespace ${scopes.join(', ')} alone, and this one is in ${route.namespace}`,
        fix: `write \`${route.namespace}/${host}\` among the hosts of the server`,
      },
    ];
  });
}

/** TLS is not opened there, so that routes by path or header hold for nothing. */
function passedThrough(
  route: Resource,
  gateways: readonly Resource[],
  hosts: readonly string[],
): Fault[] {
  const http = list(getIn(route.json, ['spec', 'http']));
  const others = ['tls', 'tcp'].flatMap((part) => list(getIn(route.json, ['spec', part])));
  const servers = gateways
    .flatMap(serversOf)
    .filter((server) => hosts.some((host) => serverTakes(server, host)));
  const isPassed = ({ json }: IstioServer) => stringAt(json, ['tls', 'mode']) === 'PASSTHROUGH';
  if (http.length === 0 || others.length > 0 || servers.length === 0) return [];
  if (!servers.every(isPassed)) return [];
  return [
    {
      resource: route,
      path: 'spec.http',
      message: `Gateway ${gateways.map(({ name }) => name).join(', ')} passes TLS through, and routes under \`http\` hold for none of it: connections are closed`,
      fix: 'write the route under `tls`, with `sniHosts`; or end TLS at the Gateway with `mode: SIMPLE`',
    },
  ];
}

/** Every Gateway of Istio's in the stream. */
export function istioServerFaults(surface: Surface): Fault[] {
  return istioResources(surface.manifests, 'Gateway').flatMap((one) => serverFaults(one, surface));
}
