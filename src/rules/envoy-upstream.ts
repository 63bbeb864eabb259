/** The API Service's current name, namespace and port, or `envoy.upstream` → the endpoints of Envoy's API clusters. */
import type { Problem } from '../errors.ts';
import { Draft } from '../resources/edit.ts';
import {
  apiClusters,
  clusterNames,
  endpointsOf,
  type Located,
  objectsAt,
} from '../resources/envoy-config.ts';
import { type DocumentTarget, upstreamHint } from '../resources/inventory.ts';
import type { Resource } from '../resources/resource.ts';
import { apiServicePort, isAddressOf } from '../resources/service-address.ts';
import { serviceHost, unclearPort } from './api-service.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

/** What an edit follows from where no field of the config decides. */
const FROM_BUILD = 'names in this build';

export const envoyUpstream: Rule = ({ settings, inventory }) => {
  const target = inventory.envoy;
  const service = inventory.apiServer;
  const given = settings.config.spec.envoy?.upstream;
  if (!target) return NOTHING;
  const draft = new Draft(target.resource, target.key);
  const { namespace } = target.resource;
  const root = draft.get([]);
  const api = apiClusters(root, upstreamHint(service, given));
  const others = inventory.upstreamServices.filter((other) => other !== service);
  const problems: Problem[] = [];
  const port = given?.port ?? (service && apiServicePort(service)?.port);
  if (service && port === undefined) problems.push(unclearPort(service, 'set spec.envoy.upstream'));
  for (const cluster of port === undefined ? [] : api) {
    const endpoints = endpointsOf(root, cluster);
    if (endpoints.length === 0) problems.push(noEndpoint(target, cluster));
    for (const { path, value } of endpoints) {
      const written = typeof value['address'] === 'string' ? value['address'] : '';
      // Beside the API server a cluster may have endpoints of others, which keep theirs.
      if (!given && others.some((other) => isAddressOf(other, written))) continue;
      const host = given?.host ?? (service ? serviceHost(service, namespace, written) : written);
      const field = given ? 'spec.envoy.upstream' : FROM_BUILD;
      draft.set([...path, 'address'], host, field);
      draft.set([...path, 'port_value'], port as number, field);
    }
  }
  followServices(
    draft,
    namespace,
    inventory.upstreamServices,
    given ? clusterNames(api) : new Set(),
  );
  return fromDrafts([draft], problems);
};

function noEndpoint(target: DocumentTarget, cluster: Located): Problem {
  return targetProblem(target, `static_resources.clusters[${String(cluster.value['name'])}]`, {
    code: 'target-missing',
    message: 'the API cluster has no endpoint with a socket address',
    expected: 'load_assignment.endpoints[].lb_endpoints[].endpoint.address.socket_address',
    mend: 'give the cluster a load_assignment; endpoints from a discovery service are not known here',
  });
}

/** Other addresses follow a Service that this build renamed: the UI's, for instance. */
function followServices(
  draft: Draft,
  namespace: string,
  services: readonly Resource[],
  done: ReadonlySet<string>,
): void {
  const root = draft.get([]);
  for (const cluster of objectsAt(root, ['static_resources', 'clusters'])) {
    if (done.has(String(cluster.value['name']))) continue;
    for (const { path, value } of endpointsOf(root, cluster)) {
      const address = String(value['address']);
      const named = services.filter((service) => isAddressOf(service, address));
      const service = named.find((other) => other.namespace === namespace) ?? named[0];
      if (service)
        draft.set([...path, 'address'], serviceHost(service, namespace, address), FROM_BUILD);
    }
  }
}
