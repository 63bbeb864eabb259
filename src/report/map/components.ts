/** What runs in the cluster and whom it calls: Envoy, the UI, workers, the controller manager. */
import { clustersOfRoute, routesOf } from '../../envoy/bootstrap.ts';
import { tlsContexts } from '../../envoy/listeners.ts';
import { followsClients, speaksHttp2, speaksTls } from '../../envoy/upstreams.ts';
import { connectionOf } from '../../manifests/cluster.ts';
import type { Resource } from '../../manifests/resource.ts';
import { readAddress } from '../../net/addresses.ts';
import { parseUrl } from '../../net/url.ts';
import { upstreamTlsFault } from '../../surface/faults/backend-tls.ts';
import { taskPodsFault, taskPodsUseTls } from '../../surface/faults/task-pods-address.ts';
import { uiFault } from '../../surface/faults/ui-url.ts';
import { upstreamFault } from '../../surface/faults/upstreams.ts';
import { workerFault } from '../../surface/faults/worker-address.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from '../../surface/parts.ts';
import { storesOf } from '../../surface/stores.ts';
import { pollersOf } from '../../surface/task-lists.ts';
import { asText, getIn, type Json, type JsonObject, list, strings } from '../../yaml/json.ts';
import { addressAt, callAddress, callPeers } from './addresses.ts';
import { workloadNode } from './services.ts';
import { hostId, type MapDraft, type NodeDetails } from './traffic-map.ts';

/** Adds them to the draft; parts that nothing leads to are drawn too. */
export function drawComponents(draft: MapDraft): void {
  const { envoys, workers, uis, controllerManagers, clients } = draft.surface;
  for (const target of envoys) drawEnvoy(draft, target);
  for (const target of workers) drawWorker(draft, target);
  for (const target of uis) drawUi(draft, target);
  for (const target of controllerManagers) {
    drawClient(draft, target, 'Controller manager');
    drawComputeClusters(draft, target);
  }
  const known = [...workers, ...controllerManagers];
  for (const target of clients.filter((one) => !known.includes(one)))
    drawClient(draft, target, pollersOf(jsonOf(target)).length > 0 ? 'Worker' : 'Client');
  for (const configMap of draft.surface.taskPods) drawTaskPods(draft, configMap);
}

/** The workloads that mount a document; a ConfigMap that nobody mounts stands for one. */
function owners(draft: MapDraft, target: DocumentTarget, more: NodeDetails): string[] {
  const found = draft.surface.mounting([target]);
  return (found.length > 0 ? found : [target.resource]).map((owner) =>
    workloadNode(draft, owner, more),
  );
}

function drawEnvoy(draft: MapDraft, target: DocumentTarget): void {
  const { surface } = draft;
  const json = jsonOf(target);
  const contexts = tlsContexts(json);
  const secrets = contexts.flatMap(({ value }) =>
    list(value['tls_certificate_sds_secret_configs']),
  );
  const details = ['Envoy', ...secrets.map(({ name }) => `Secret ${asText(name)}`)];
  const from = owners(draft, target, { details, endsTls: contexts.length > 0 });
  for (const upstream of surface.upstreams.filter((one) => one.target === target))
    for (const owner of from)
      callAddress(draft, {
        from: owner,
        address: upstream.address,
        port: upstream.port,
        home: target.resource,
        ...upstreamProtocol(upstream.json),
        purpose: prefixesOf(json, upstream.cluster),
        fault: upstreamFault(upstream, surface) ?? upstreamTlsFault(upstream, surface),
      });
}

function upstreamProtocol(cluster: JsonObject): { protocol: string; tls: boolean } {
  const tls = speaksTls(cluster);
  if (speaksHttp2(cluster) || followsClients(cluster))
    return { protocol: tls ? 'gRPC' : 'gRPC, h2c', tls };
  return { protocol: tls ? 'HTTPS' : 'HTTP/1.1', tls };
}

/** The paths of the routes that lead to a cluster. */
function prefixesOf(json: Json | undefined, cluster: string): string | undefined {
  const paths = routesOf(json)
    .filter(({ value }) => clustersOfRoute(value).includes(cluster))
    .flatMap(({ value: { match } }) =>
      strings(['prefix', 'path', 'path_separated_prefix'].map((key) => getIn(match, [key]))),
    );
  const found = new Set(paths.filter((path) => path !== '' && path !== '/'));
  return [...found].join(', ') || undefined;
}

function drawWorker(draft: MapDraft, target: DocumentTarget): void {
  const json = jsonOf(target);
  const { resource: home } = target;
  const tls = turnsTlsOn(target);
  const spoken = { protocol: tls ? 'gRPC' : 'gRPC, h2c', tls };
  const call = { ...addressAt(json, ['worker', 'address']), ...spoken };
  const fault = workerFault(target, draft.surface);
  for (const from of owners(draft, target, { details: ['Worker'] })) {
    callAddress(draft, { from, home, ...call, fault });
    callPeers(draft, { from, home }, json);
  }
}

/** A program that connects to the workflow engine or the object store, and not to the API. */
function drawClient(draft: MapDraft, target: DocumentTarget, name: string): void {
  const { resource: home } = target;
  for (const from of owners(draft, target, { details: [name] }))
    callPeers(draft, { from, home }, jsonOf(target));
}

/** The Kubernetes APIs that the controller manager sends jobs to. */
function drawComputeClusters(draft: MapDraft, target: DocumentTarget): void {
  for (const from of owners(draft, target, {}))
    for (const home of draft.surface.manifests.ofKind('Cluster')) {
      const { host, port } = connectionOf(home);
      const { host: address = host } = readAddress(host) ?? {};
      const title = `Compute cluster ${home.name}`;
      const call = { from, home, address, port: Number(port) || undefined, title };
      callAddress(draft, { ...call, protocol: 'HTTPS', tls: true, purpose: 'jobs' });
    }
}

/** Pods that Michelangelo makes, here or in other clusters: the ConfigMap that they read stands for them. */
function drawTaskPods(draft: MapDraft, home: Resource): void {
  const from = draft.node(`task pods ${home.namespace}`, {
    kind: 'workload',
    title: 'Task pods',
    name: home.name,
    details: ['Ray and Spark'],
  });
  const tls = taskPodsUseTls(home);
  const api = addressAt(home.json, ['data', 'REGISTRY_ENDPOINT']);
  const fault = taskPodsFault(home, draft.surface);
  const protocol = tls ? 'gRPC' : 'gRPC, h2c';
  if (api.address !== '') callAddress(draft, { ...api, from, home, protocol, tls, fault });
  const store = storesOf(draft.surface).find(({ resource }) => resource === home);
  if (!store) return;
  const { host: address, port } = store;
  const call = { from, home, address, port, tls: store.tls, title: 'Object store' };
  callAddress(draft, { ...call, protocol: store.tls ? 'HTTPS' : 'HTTP' });
}

/** The UI tells browsers where the API is: a line in its box, a link in red where calls do not arrive there. */
function drawUi(draft: MapDraft, target: DocumentTarget): void {
  const text = asText(getIn(jsonOf(target), ['apiBaseUrl']) ?? '');
  // Without a host of its own it is the UI's.
  const url = parseUrl(text);
  const details = ['UI', ...(url ? [`calls ${url.host}`] : [])];
  const from = owners(draft, target, { details });
  const fault = uiFault(target, draft.surface);
  if (!fault) return;
  const host = url?.hostname || text || 'no address';
  const tls = url?.protocol === 'https:';
  for (const owner of from)
    draft.link({
      from: owner,
      to: draft.has(hostId(host)) ? hostId(host) : draft.missing('Host', host),
      protocol: tls ? 'HTTPS' : 'HTTP',
      port: url?.port || (tls ? '443' : '80'),
      tls,
      broken: fault.message,
    });
}
