/** The API Service's current name, namespace and port, or `envoy.upstream` → the endpoints of Envoy's API clusters. */
import type { Problem } from '../errors.ts';
import { Draft } from '../resources/edit.ts';
import {
  apiClusters,
  clusterNames,
  endpointsOf,
  firstLabel,
  type Located,
  objectsAt,
} from '../resources/envoy-config.ts';
import { upstreamHint } from '../resources/inventory.ts';
import type { Resource } from '../resources/resource.ts';
import { apiPort, serviceHost } from './api-service.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

/** What an edit follows from where no field of the config decides. */
const FROM_BUILD = 'names in this build';

export const envoyUpstream: Rule = ({ settings, inventory }) => {
  const target = inventory.envoy;
  const service = inventory.apiServer;
  const given = settings.config.spec.envoy?.upstream;
  if (!target || (!given && !service)) return NOTHING;
  const draft = new Draft(target.resource, target.key);
  const problems: Problem[] = [];
  const port = given?.port ?? (service && apiPort(service));
  if (port === undefined) {
    problems.push({
      code: 'target-missing',
      severity: 'error',
      message: 'the gRPC port of the API server cannot be told from the other ports of its Service',
      ...(service ? { resource: service.reference } : {}),
      path: 'spec.ports',
      expected: 'one port, or one named grpc',
      mend: 'name the gRPC port grpc, or set spec.envoy.upstream',
    });
    return fromDrafts([draft], problems);
  }
  const root = draft.get([]);
  const api = apiClusters(root, upstreamHint(service));
  for (const cluster of api) {
    const endpoints = endpointsOf(root, cluster);
    if (endpoints.length === 0)
      problems.push(
        targetProblem(target, `static_resources.clusters[${String(cluster.value['name'])}]`, {
          code: 'target-missing',
          message: 'the API cluster has no endpoint with a socket address',
          expected: 'load_assignment.endpoints[].lb_endpoints[].endpoint.address.socket_address',
          mend: 'give the cluster a load_assignment; endpoints from a discovery service are not known here',
        }),
      );
    for (const { path, value } of endpoints) {
      const written = typeof value['address'] === 'string' ? value['address'] : '';
      const host = given?.host ?? (service ? serviceHost(service, target.resource.namespace, written) : '');
      const field = given ? 'spec.envoy.upstream' : FROM_BUILD;
      draft.set([...path, 'address'], host, field);
      draft.set([...path, 'port_value'], port, field);
    }
  }
  followServices(draft, target.resource.namespace, inventory.upstreamServices, api);
  return fromDrafts([draft], problems);
};

/** Other clusters follow a Service that this build renamed: the UI's, for instance. */
function followServices(
  draft: Draft,
  namespace: string,
  services: readonly Resource[],
  api: readonly Located[],
): void {
  const root = draft.get([]);
  const done = clusterNames(api);
  for (const cluster of objectsAt(root, ['static_resources', 'clusters'])) {
    if (done.has(String(cluster.value['name']))) continue;
    for (const { path, value } of endpointsOf(root, cluster)) {
      const address = String(value['address']);
      const service = services.find(({ names }) => names.includes(firstLabel(address)));
      if (service)
        draft.set([...path, 'address'], serviceHost(service, namespace, address), FROM_BUILD);
    }
  }
}
