/**
 * `envoy.upstream`, or the API Service as it is named in this build → the endpoints of the API's clusters. Addresses of other Services follow
 * those that this build renamed.
 */
import type { ApiManager } from '../envoy/api.ts';
import { clusterNames, endpointsOf, type Located, objectsAt } from '../envoy/bootstrap.ts';
import { isEnum, numberOf } from '../envoy/proto-json.ts';
import type { Problem } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { selects } from '../manifests/workload.ts';
import { isIp, isLoopback, joinHostPort } from '../net/addresses.ts';
import { apiServicePort } from '../surface/api-port.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, toPointer } from '../yaml/json.ts';
import { EnvoyDraft } from './envoy-draft.ts';
import { addressOf, type Endpoint, sortEndpoints, written } from './envoy-endpoints.ts';
import { followPublicApi, isPublicUpstream, keepTogether } from './envoy-public-upstream.ts';
import { replaced } from './replaced.ts';
import { documentPath, FROM_BUILD, fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';
import { serviceHost, unclearPort } from './service-host.ts';

/** Edits of Envoy's document. Where its API clusters cannot be led for certain they stay, and a problem says so. */
export const envoyUpstream: Rule = ({ settings, surface }) => {
  const target = surface.only('envoy');
  if (!target) return NOTHING;
  const { resource: home } = target;
  const service = surface.apiServer;
  const given = settings.config.spec.envoy?.upstream;
  const draft = new EnvoyDraft(target);
  const root = draft.get([]);
  const { clusters, managers } = envoyApi(target, surface);
  const outer = given ? [] : clusters.filter((cluster) => isPublicUpstream(root, cluster, surface));
  const inner = clusters.filter((cluster) => !outer.includes(cluster));
  const problems = outer.flatMap((cluster) =>
    followPublicApi(draft, target, cluster, managers, settings),
  );
  const port = given?.port ?? (service && apiServicePort(service)?.port);
  if (service && port === undefined && outer.length === 0)
    problems.push(unclearPort(service, 'set spec.envoy.upstream'));
  const hostFor = (address: string) =>
    given?.host ?? (service ? serviceHost(service, home.namespace, address) : address);
  const { isAddress } = surface.upstreamHint(home);
  const isOther = otherBackends(target, service, surface);
  const left = new Set<string>();
  for (const cluster of port === undefined ? [] : inner) {
    const found = endpointsOf(root, cluster).map((endpoint): Endpoint => {
      return { ...endpoint, wanted: { host: hostFor(addressOf(endpoint)), port: port as number } };
    });
    if (found.length === 0) problems.push(noEndpoint(target, cluster));
    const { own, strange } = sortEndpoints(found, isAddress, isOther, given !== undefined);
    const unknown = given ? [] : own.filter((endpoint) => !isAddress(addressOf(endpoint)));
    problems.push(...unknown.flatMap((endpoint) => replacedEndpoint(target, endpoint)));
    lead(draft, cluster, own, managers, given ? 'spec.envoy.upstream' : FROM_BUILD);
    for (const endpoint of strange) left.add(toPointer(endpoint.path));
    if (strange.length > 0) problems.push(strangeEndpoints(target, cluster, own, strange));
  }
  followServices(draft, target, surface, given ? clusterNames(clusters) : new Set(), left);
  return fromDrafts([draft], problems);
};

/** Tells endpoints that lead to something else on purpose: another Service, or a program beside Envoy in its pod. */
function otherBackends(
  target: DocumentTarget,
  service: Resource | undefined,
  surface: Surface,
): (endpoint: Endpoint) => boolean {
  // In one pod with the API server its loopback address is the shortest way.
  const isBeside =
    service !== undefined &&
    surface.mounting([target]).some((workload) => selects(service, workload));
  return (endpoint) => {
    const address = addressOf(endpoint);
    if (isBeside && isLoopback(address)) return true;
    const other = serviceAt(address, target.resource, surface.manifests);
    return other !== undefined && other !== service;
  };
}

/** Writes where the endpoints of a cluster lead, and what has to change with their addresses. */
function lead(
  draft: EnvoyDraft,
  cluster: Located,
  endpoints: readonly Endpoint[],
  managers: readonly ApiManager[],
  field: string,
): void {
  for (const endpoint of endpoints) {
    const { path, value, wanted } = endpoint;
    draft.set([...path, 'address'], wanted.host, field);
    if (numberOf(value['port_value']) !== wanted.port)
      draft.set([...path, 'port_value'], wanted.port, field);
    keepTogether(draft, cluster, managers, addressOf(endpoint), wanted.host, field);
  }
  if (endpoints.some(turnsIntoName) && isStatic(cluster))
    draft.set([...cluster.path, 'type'], 'STRICT_DNS', field);
}

/** What somebody let the cluster lead to in place of the API's Service: a proxy before it, or an address that nobody remembers. */
function replacedEndpoint(target: DocumentTarget, endpoint: Endpoint): Problem[] {
  const { wanted } = endpoint;
  const next = joinHostPort(wanted.host, wanted.port);
  if (addressOf(endpoint) === '' || written(endpoint) === next) return [];
  return [
    replaced(
      target.resource.reference,
      documentPath(target, [...endpoint.path, 'address']),
      written(endpoint),
      next,
      FROM_BUILD,
      'set `spec.envoy.upstream` where Envoy is to reach the API server there; else write its Service into the base',
    ),
  ];
}

/** An address that Envoy would have to look up, where an IP address stood. */
function turnsIntoName(endpoint: Endpoint): boolean {
  return isIp(addressOf(endpoint)) && !isIp(endpoint.wanted.host);
}

/** Envoy refuses names in such a cluster: `malformed IP address`. STATIC is also its default. */
function isStatic({ value }: Located): boolean {
  const isDefault = value['type'] === undefined && value['cluster_type'] === undefined;
  return isDefault || isEnum(value['type'], 'STATIC', 0);
}

/** A warning where the rest of the cluster is right; an error where the API would be reached nowhere. */
function strangeEndpoints(
  target: DocumentTarget,
  cluster: Located,
  own: readonly Endpoint[],
  strange: readonly Endpoint[],
): Problem {
  const problem = targetProblem(target, clusterPath(cluster), {
    code: own.length > 0 ? 'endpoints-left' : 'target-shape',
    message:
      'endpoints of the API cluster stay as they are: they do not name its Service, or would stand there twice',
    found: strange.map(written).join(', '),
    expected: 'one endpoint, or endpoints of which one names the Service of the API server',
    fix: 'remove them where they lead to the API server as well; move those of another backend to a cluster of their own',
  });
  return own.length > 0 ? { ...problem, severity: 'warning' } : problem;
}

function clusterPath(cluster: Located): string {
  return `static_resources.clusters[${asText(cluster.value['name'])}]`;
}

function noEndpoint(target: DocumentTarget, cluster: Located): Problem {
  return targetProblem(target, clusterPath(cluster), {
    code: 'target-missing',
    message: 'the API cluster has no endpoint with a socket address',
    expected: 'load_assignment.endpoints[].lb_endpoints[].endpoint.address.socket_address',
    fix: 'give the cluster a load_assignment; endpoints from a discovery service are not known here',
  });
}

/**
 * Other addresses follow a Service that this build renamed: the UI's, for instance.
 * @param done - names of the clusters that have what the config says
 * @param left - pointers to the addresses that a warning is about
 */
function followServices(
  draft: EnvoyDraft,
  { resource: home }: DocumentTarget,
  { manifests }: Surface,
  done: ReadonlySet<string>,
  left: ReadonlySet<string>,
): void {
  const root = draft.get([]);
  for (const cluster of objectsAt(root, ['static_resources', 'clusters'])) {
    if (done.has(asText(cluster.value['name']))) continue;
    for (const endpoint of endpointsOf(root, cluster)) {
      if (left.has(toPointer(endpoint.path))) continue;
      const address = addressOf(endpoint);
      const service = serviceAt(address, home, manifests);
      if (service)
        draft.set(
          [...endpoint.path, 'address'],
          serviceHost(service, home.namespace, address),
          FROM_BUILD,
        );
    }
  }
}
