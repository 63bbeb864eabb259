/** Every host that manifests carry in a field for hosts, each with its place. */

import { strangerLetIn } from '../../envoy/origins/look-alikes.ts';
import { originMatchersOf } from '../../envoy/origins/matcher.ts';
import { compileExpression } from '../../envoy/origins/re2.ts';
import { samplesOf, textOf } from '../../envoy/origins/samples.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostOfAddress, hostOfUrl } from '../../net/addresses.ts';
import { corsPolicies } from '../../surface/envoy-api.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type Json, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

interface CarriedHost {
  resource: Resource;
  path: string;
  host: string;
}

/** Comma lists of hosts. Source: external-dns, "Annotations". */
const HOST_ANNOTATIONS = [
  'external-dns.alpha.kubernetes.io/hostname',
  'external-dns.alpha.kubernetes.io/internal-hostname',
];

export function carriedHosts(view: Surface): CarriedHost[] {
  return [
    ...view.manifests.all.flatMap(inAnnotations),
    ...view.manifests.ofKind('Ingress').flatMap(inIngress),
    ...view.manifests
      .ofKind('HTTPRoute', 'GRPCRoute', 'TLSRoute')
      .flatMap((route) => listed(route, ['spec', 'hostnames'])),
    ...view.manifests.ofKind('Gateway').flatMap(inGateway),
    ...view.manifests
      .ofKind('Certificate')
      .flatMap((certificate) => [
        ...listed(certificate, ['spec', 'dnsNames']),
        ...single(certificate, ['spec', 'commonName']),
      ]),
    ...inDocuments(view),
    ...inUpstreams(view),
    ...inConfigs(view),
    ...inCors(view),
  ];
}

function inAnnotations(resource: Resource): CarriedHost[] {
  return HOST_ANNOTATIONS.flatMap((key) => {
    const value = getIn(resource.json, ['metadata', 'annotations', key]);
    const hosts = typeof value === 'string' ? value.split(/\s*,\s*/) : [];
    return hosts.map((host) => ({ resource, path: `metadata.annotations[${key}]`, host }));
  });
}

function inIngress(ingress: Resource): CarriedHost[] {
  return [
    ...list(getIn(ingress.json, ['spec', 'rules'])).flatMap((_, index) =>
      single(ingress, ['spec', 'rules', index, 'host']),
    ),
    ...list(getIn(ingress.json, ['spec', 'tls'])).flatMap((_, index) =>
      listed(ingress, ['spec', 'tls', index, 'hosts']),
    ),
  ];
}

function inGateway(gateway: Resource): CarriedHost[] {
  return list(getIn(gateway.json, ['spec', 'listeners'])).flatMap((_, index) =>
    single(gateway, ['spec', 'listeners', index, 'hostname']),
  );
}

function inDocuments({ workers, uis }: Surface): CarriedHost[] {
  const places = [
    ...workers.map((target) => ({ target, path: ['worker', 'address'], hostOf: hostOfAddress })),
    ...uis.map((target) => ({ target, path: ['apiBaseUrl'], hostOf: hostOfUrl })),
  ];
  return places.flatMap(({ target, path, hostOf }) => {
    const value = getIn(jsonOf(target), path);
    const host = typeof value === 'string' ? hostOf(value) : undefined;
    const place = `data[${target.key}].${path.join('.')}`;
    return host === undefined ? [] : [{ resource: target.resource, path: place, host }];
  });
}

function inUpstreams(view: Surface): CarriedHost[] {
  return view.upstreams.map(({ target, path, address }) => ({
    resource: target.resource,
    path: `data[${target.key}].${path}.address`,
    host: address,
  }));
}

/** What programs connect to beside the API: fields of the guide's worker and controller manager configs. */
const CONNECTED = [
  ['workflow-engine', 'host'],
  ['workflowClient', 'host'],
  ['minio', 'awsEndpointUrl'],
];

/** Other fields of the configs; of the UI's, every URL. */
function inConfigs({ workers, controllerManagers, uis }: Surface): CarriedHost[] {
  const addresses = [...workers, ...controllerManagers].flatMap((target) =>
    CONNECTED.map((path) => ({ target, path, value: getIn(jsonOf(target), path) })),
  );
  const urls = uis.flatMap((target) =>
    leavesOf(jsonOf(target), [])
      .filter(({ path }) => toPath(path) !== 'apiBaseUrl')
      .map((leaf) => ({ target, ...leaf })),
  );
  return [...addresses, ...urls].flatMap(({ target, path, value }) => {
    const text = typeof value === 'string' ? value : '';
    const isAddress = !uis.includes(target);
    const host = hostOfUrl(text) ?? (isAddress ? hostOfAddress(text) : undefined);
    if (host === undefined) return [];
    return [{ resource: target.resource, path: `data[${target.key}].${toPath(path)}`, host }];
  });
}

function leavesOf(
  value: Json | undefined,
  path: readonly (string | number)[],
): { path: readonly (string | number)[]; value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

/** Hosts that a matcher names in full; an origin that the config lists belongs there, whoever's it is. */
function inCors(view: Surface): CarriedHost[] {
  const given = (view.settings?.origins ?? []).flatMap(
    ({ regex }) => compileExpression(regex) ?? [],
  );
  const isGiven = (origin: string) => given.some((matches) => matches(origin));
  return corsPolicies(view).flatMap(({ target, policy }) =>
    originMatchersOf(policy.value)
      .filter((matcher) => strangerLetIn(matcher) === undefined)
      .flatMap((matcher) => {
        const samples = samplesOf(matcher)
          .filter((sample) => sample.every(({ isWild }) => !isWild))
          .map(textOf)
          .filter((origin) => !isGiven(origin));
        const names = new Set(samples.flatMap((origin) => hostOfUrl(origin) ?? []));
        const path = `data[${target.key}].${toPath([...policy.path, ...matcher.path])}`;
        return [...names].map((host) => ({ resource: target.resource, path, host }));
      }),
  );
}

function listed(resource: Resource, path: readonly (string | number)[]): CarriedHost[] {
  const value = getIn(resource.json, path);
  return (Array.isArray(value) ? value : []).flatMap((item, index) =>
    carried(resource, [...path, index], item),
  );
}

function single(resource: Resource, path: readonly (string | number)[]): CarriedHost[] {
  return carried(resource, path, getIn(resource.json, path));
}

function carried(
  resource: Resource,
  path: readonly (string | number)[],
  host: Json | undefined,
): CarriedHost[] {
  return typeof host === 'string' && host !== '' ? [{ resource, path: toPath(path), host }] : [];
}
