/** What runs in the cluster and whom it calls: Envoy, the UI, workers, the controller manager. */

import {
  clustersOfRoute,
  endpointsOf,
  type Located,
  objectsAt,
  routesOf,
} from '../../envoy/bootstrap.ts';
import { tlsContexts } from '../../envoy/listeners.ts';
import { readAddress } from '../../net/addresses.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, type Json } from '../../yaml/json.ts';
import { callAddress, callExternal } from './addresses.ts';
import { isServed } from './entries.ts';
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
  for (const cluster of objectsAt(json, ['static_resources', 'clusters']))
    for (const { value } of endpointsOf(json, cluster))
      for (const owner of from)
        callAddress(draft, view, {
          from: owner,
          address: String(value['address']),
          port: Number(value['port_value']),
          namespace: target.resource.namespace,
          ...upstreamProtocol(cluster),
          purpose: prefixesOf(json, String(cluster.value['name'])),
        });
}

function envoySecrets(json: Json | undefined): string[] {
  const names = JSON.stringify(json).matchAll(
    /"tls_certificate_sds_secret_configs":\[\{"name":"([^"]+)"/g,
  );
  return [...new Set([...names].map(([, name]) => `Secret ${name}`))];
}

function upstreamProtocol({ value }: Located): { protocol: string; tls: boolean } {
  const options = JSON.stringify(value['typed_extension_protocol_options'] ?? {});
  const isHttp2 = options.includes('http2_protocol_options') || 'http2_protocol_options' in value;
  const tls = value['transport_socket'] !== undefined;
  if (isHttp2) return { protocol: tls ? 'gRPC' : 'gRPC, h2c', tls };
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
  const from = owners(draft, view, target, { details: ['Worker'] });
  const text = String(getIn(json, ['worker', 'address']) ?? '');
  const { host: address, port } = readAddress(text) ?? { host: text, port: undefined };
  const tls = getIn(json, ['worker', 'useTLS']) === true;
  for (const owner of from) {
    callAddress(draft, view, {
      from: owner,
      address,
      port,
      namespace: target.resource.namespace,
      protocol: tls ? 'gRPC' : 'gRPC, h2c',
      tls,
    });
    callExternal(draft, view, owner, json, 'workflow-engine');
  }
}

function drawControllerManager(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  for (const owner of owners(draft, view, target, { details: ['Controller manager'] }))
    callExternal(draft, view, owner, jsonOf(target), 'workflowClient');
}

/** The UI tells browsers where the API is: a line in its box, a link in red where nothing serves that host. */
function drawUi(draft: MapDraft, view: Surface, target: DocumentTarget): void {
  const text = String(getIn(jsonOf(target), ['apiBaseUrl']) ?? '');
  // Without a host of its own it is the UI's.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const from = owners(draft, view, target, {
    details: ['UI', ...(url ? [`calls ${url.host}`] : [])],
  });
  if (!url || isServed(view, url.hostname)) return;
  for (const owner of from)
    draft.link({
      from: owner,
      to: draft.has(hostId(url.hostname))
        ? hostId(url.hostname)
        : draft.missing('Host', url.hostname),
      protocol: url.protocol === 'https:' ? 'HTTPS' : 'HTTP',
      port: url.port || (url.protocol === 'https:' ? '443' : '80'),
      tls: url.protocol === 'https:',
      broken: `no entry serves ${url.hostname}, where the UI sends browsers`,
    });
}
