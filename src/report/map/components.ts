/** What runs in the cluster and whom it calls: Envoy, the UI, workers, the controller manager. */

import { clustersOfRoute, routesOf } from '../../envoy/bootstrap.ts';
import { tlsContexts } from '../../envoy/listeners.ts';
import { speaksHttp2 } from '../../envoy/upstreams.ts';
import { readAddress } from '../../net/addresses.ts';
import { uiFault } from '../../surface/faults/ui-url.ts';
import { upstreamFault } from '../../surface/faults/upstreams.ts';
import { workerFault } from '../../surface/faults/worker-address.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, type Json, type JsonObject } from '../../yaml/json.ts';
import { callAddress, callExternal } from './addresses.ts';
import { hostId } from './ids.ts';
import { workloadNode } from './services.ts';
import type { MapDraft } from './traffic-map.ts';

export function drawComponents(draft: MapDraft, view: Surface): void {
  for (const target of view.envoys) drawEnvoy(draft, view, target);
  for (const target of view.workers) drawWorker(draft, view, target);
  for (const target of view.uis) drawUi(draft, view, target);
  for (const target of view.controllerManagers) drawControllerManager(draft, view, target);
}

/** The workloads that mount a document; a ConfigMap that nobody mounts stands for one. */
function owners(
  draft: MapDraft,
  view: Surface,
  target: DocumentTarget,
  more: { details?: string[]; endsTls?: boolean } = {},
): string[] {
  const found = view.mounting([target]);
  return (found.length > 0 ? found : [target.resource]).map((owner) =>
    workloadNode(draft, owner, more),
  );
}

function drawEnvoy(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  const json = jsonOf(target);
  const endsTls = tlsContexts(json).length > 0;
  const details = ['Envoy', ...(endsTls ? envoySecrets(json) : [])];
  const from = owners(draft, view, target, { details, endsTls });
  for (const upstream of view.upstreams.filter((one) => one.target === target))
    for (const owner of from)
      callAddress(draft, view, {
        from: owner,
        address: upstream.address,
        port: upstream.port,
        namespace: target.resource.namespace,
        ...upstreamProtocol(upstream.json),
        purpose: prefixesOf(json, upstream.cluster),
        fault: upstreamFault(upstream, view),
      });
}

function envoySecrets(json: Json | undefined): string[] {
  const names = JSON.stringify(json).matchAll(
    /"tls_certificate_sds_secret_configs":\[\{"name":"([^"]+)"/g,
  );
  return [...new Set([...names].map(([, name]) => `Secret ${name}`))];
}

function upstreamProtocol(cluster: JsonObject): { protocol: string; tls: boolean } {
  const tls = cluster['transport_socket'] !== undefined;
  if (speaksHttp2(cluster)) return { protocol: tls ? 'gRPC' : 'gRPC, h2c', tls };
  return { protocol: tls ? 'HTTPS' : 'HTTP/1.1', tls };
}

/** The paths of the routes that lead to a cluster. */
function prefixesOf(json: Json | undefined, cluster: string): string | undefined {
  const leading = routesOf(json).filter(({ value }) => clustersOfRoute(value).includes(cluster));
  const paths = leading.map(({ value }) => {
    const match = value['match'];
    return String(
      getIn(match, ['prefix']) ??
        getIn(match, ['path']) ??
        getIn(match, ['path_separated_prefix']) ??
        '',
    );
  });
  const found = [...new Set(paths)].filter((path) => path !== '' && path !== '/');
  return found.length > 0 ? found.join(', ') : undefined;
}

function drawWorker(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  const json = jsonOf(target);
  const { namespace } = target.resource;
  const written = String(getIn(json, ['worker', 'address']) ?? '');
  const { host: address, port } = readAddress(written) ?? { host: written, port: undefined };
  const tls = getIn(json, ['worker', 'useTLS']) === true;
  const spoken = { protocol: tls ? 'gRPC' : 'gRPC, h2c', tls };
  const fault = workerFault(target, view);
  for (const from of owners(draft, view, target, { details: ['Worker'] })) {
    callAddress(draft, view, { from, address, port, namespace, ...spoken, fault });
    callExternal(draft, view, { from, namespace }, json, 'workflow-engine');
  }
}

function drawControllerManager(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  const { namespace } = target.resource;
  for (const from of owners(draft, view, target, { details: ['Controller manager'] }))
    callExternal(draft, view, { from, namespace }, jsonOf(target), 'workflowClient');
}

/** The UI tells browsers where the API is: a line in its box, a link in red where calls do not arrive there. */
function drawUi(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  const text = String(getIn(jsonOf(target), ['apiBaseUrl']) ?? '');
  // Without a host of its own it is the UI's.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const details = ['UI', ...(url ? [`calls ${url.host}`] : [])];
  const from = owners(draft, view, target, { details });
  const fault = uiFault(target, view);
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
