/** From a Service to the workloads behind it. */

import type { Resource } from '../../manifests/resource.ts';
import { servicePorts } from '../../manifests/service.ts';
import { containersOf } from '../../manifests/workload.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, list } from '../../yaml/json.ts';
import { idOf } from './ids.ts';
import type { MapDraft, MapLink } from './traffic-map.ts';

/** A link that leads to a port of a Service. */
export interface ToService extends Pick<MapLink, 'from' | 'protocol' | 'tls' | 'purpose'> {
  name: string;
  namespace: string;
  /** Number or name; undefined where the reference gives none. */
  port: number | string | undefined;
}

/** Draws the link, the Service and what is behind it; in red where one of them is not there. */
export function linkToService(draft: MapDraft, view: Surface, link: ToService): void {
  const { name, namespace, port, ...rest } = link;
  const service = view.manifests.named('Service', name, namespace);
  if (!service) {
    const broken = `there is no Service ${name}`;
    draft.link({ ...rest, to: draft.missing('Service', name), port: port?.toString(), broken });
    return;
  }
  const to = serviceNode(draft, view, service);
  const ports = servicePorts(service);
  const found = ports.find((one) => one.port === Number(port) || one.name === port);
  const isWrong = ports.length > 0 && port !== undefined && !found;
  draft.link({
    ...rest,
    to,
    port: String(found?.port ?? port ?? ''),
    broken: isWrong ? `Service ${name} has no port ${port}` : undefined,
  });
  const { protocol, tls } = link;
  if (found) linkToWorkloads(draft, view, service, { protocol, tls, target: found.targetPort });
}

function serviceNode(draft: MapDraft, view: Surface, service: Resource): string {
  const { name, namespace, json } = service;
  const type = getIn(json, ['spec', 'type']);
  const externalName = getIn(json, ['spec', 'externalName']);
  const home = view.apiServices[0]?.namespace ?? namespace;
  const details = [
    typeof type === 'string' && type !== 'ClusterIP' ? type : '',
    typeof externalName === 'string' ? externalName : '',
    namespace === home ? '' : `in ${namespace || 'no namespace'}`,
  ].filter(Boolean);
  return draft.node(idOf(service), { kind: 'service', title: 'Service', name, details });
}

function linkToWorkloads(
  draft: MapDraft,
  view: Surface,
  service: Resource,
  { target, ...spoken }: { protocol: string; tls: boolean; target: number | string },
): void {
  const from = idOf(service);
  // Without a selector its endpoints are somebody else's business.
  if (!isObject(getIn(service.json, ['spec', 'selector']))) return;
  const workloads = view.podsOf(service);
  if (workloads.length === 0) {
    const broken = `no pod has the labels that Service ${service.name} selects`;
    const to = draft.missing('Pods', `selected by ${service.name}`);
    draft.link({ ...spoken, from, to, port: String(target), broken });
  }
  for (const workload of workloads) {
    const to = workloadNode(draft, workload);
    const port = containerPort(workload, target);
    const isNameless =
      typeof target === 'string' && port === target && Number.isNaN(Number(target));
    const broken = isNameless
      ? `${workload.kind} ${workload.name} has no port named ${target}`
      : undefined;
    draft.link({ ...spoken, from, to, port, broken });
  }
}

/** The number behind a named port; the name itself where no container has it. */
function containerPort(workload: Resource, target: number | string): string {
  const ports = containersOf(workload).flatMap((container) => list(container['ports']));
  const named = ports.find(({ name }) => name === target);
  return String(named?.['containerPort'] ?? target);
}

/** Draws a workload, or adds to it, and returns its id. */
export function workloadNode(
  draft: MapDraft,
  workload: Resource,
  more: { details?: string[]; endsTls?: boolean } = {},
): string {
  const { kind, name } = workload;
  return draft.node(idOf(workload), { kind: 'workload', title: kind, name, ...more });
}
