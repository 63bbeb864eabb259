/** Every host that manifests carry in a field for hosts, each with its place. */
import { strangerLetIn } from '../../envoy/origins/look-alikes.ts';
import { originMatchersOf } from '../../envoy/origins/matcher.ts';
import { compileExpression } from '../../envoy/origins/re2.ts';
import { samplesOf, textOf } from '../../envoy/origins/samples.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostOfAddress, hostOfUrl } from '../../net/addresses.ts';
import { corsPolicies } from '../../surface/envoy-api.ts';
import { LINK_PLACES } from '../../surface/links.ts';
import { HOST_ANNOTATIONS } from '../../surface/other-entries.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { PEER_PLACES } from '../../surface/peers.ts';
import type { Surface } from '../../surface/surface.ts';
import { type Json, leavesOf } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

interface CarriedHost {
  resource: Resource;
  path: string;
  host: string;
}

/** Fields of resources, by kind; `[]` stands for every item of a list. */
const FIELDS = {
  Ingress: ['spec.rules[].host', 'spec.tls[].hosts[]'],
  HTTPRoute: ['spec.hostnames[]'],
  GRPCRoute: ['spec.hostnames[]'],
  TLSRoute: ['spec.hostnames[]'],
  Gateway: ['spec.listeners[].hostname'],
  Certificate: ['spec.dnsNames[]', 'spec.commonName'],
};

/** What people are shown. */
const LINKS = Object.values(LINK_PLACES).map((path) => path.join('.'));

/** What task pods connect to. */
const TASK_PODS = ['data.REGISTRY_ENDPOINT', 'data.MA_API_SERVER', 'data.AWS_ENDPOINT_URL'];

/** What programs connect to beside the API. */
const CONNECTED = PEER_PLACES.map(({ path }) => path.join('.'));

/** Of all resources, whatever program they are of: whether a host is ours is for the caller to say. */
export function carriedHosts(surface: Surface): CarriedHost[] {
  return [
    ...surface.manifests.all.flatMap(inAnnotations),
    ...Object.entries(FIELDS).flatMap(([kind, fields]) =>
      surface.manifests
        .ofKind(kind)
        .flatMap((resource) => inFields(resource, resource.json, '', (text) => text, fields)),
    ),
    ...inConfigs(surface),
    ...inUpstreams(surface),
    ...inCors(surface),
  ];
}

function inAnnotations(resource: Resource): CarriedHost[] {
  return HOST_ANNOTATIONS.flatMap((key) => {
    const hosts = resource.annotation(key)?.split(/\s*,\s*/) ?? [];
    return hosts.map((host) => ({ resource, path: `metadata.annotations[${key}]`, host }));
  });
}

/** Of the UI's config every URL counts. */
function inConfigs({ workers, clients, uis, taskPods }: Surface): CarriedHost[] {
  const inDocument = (hostOf: HostOf, fields?: readonly string[]) => (target: DocumentTarget) =>
    inFields(target.resource, jsonOf(target), `data[${target.key}].`, hostOf, fields);
  const hostOf: HostOf = (text) => hostOfUrl(text) ?? hostOfAddress(text);
  return [
    ...workers.flatMap(inDocument(hostOfAddress, ['worker.address'])),
    ...clients.flatMap(inDocument(hostOf, CONNECTED)),
    ...clients.flatMap(inDocument(hostOf, LINKS)),
    ...uis.flatMap(inDocument(hostOfUrl)),
    ...taskPods.flatMap((resource) => inFields(resource, resource.json, '', hostOf, TASK_PODS)),
  ];
}

type HostOf = (text: string) => string | undefined;

/** @param fields - of which each text is looked at; all where it is absent */
function inFields(
  resource: Resource,
  json: Json | undefined,
  prefix: string,
  hostOf: HostOf,
  fields?: readonly string[],
): CarriedHost[] {
  return leavesOf(json).flatMap(({ path, value }) => {
    const place = toPath(path);
    const isField = fields?.includes(place.replace(/\[\d+\]/g, '[]')) ?? true;
    const host = isField ? hostOf(value) : undefined;
    return host ? [{ resource, path: `${prefix}${place}`, host }] : [];
  });
}

function inUpstreams({ upstreams }: Surface): CarriedHost[] {
  return upstreams.map(({ target: { resource, key }, path, address }) => ({
    resource,
    path: `data[${key}].${toPath(path)}.address`,
    host: address,
  }));
}

/** Hosts that a matcher names in full; an origin that the config lists belongs there, whoever's it is. */
function inCors(surface: Surface): CarriedHost[] {
  const given = (surface.settings?.origins ?? []).flatMap(
    ({ regex }) => compileExpression(regex) ?? [],
  );
  const isGiven = (origin: string) => given.some((matches) => matches(origin));
  return corsPolicies(surface).flatMap(({ target, policy }) =>
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
