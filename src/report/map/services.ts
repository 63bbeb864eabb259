/** From a Service to the workloads behind it. */
import type { Resource } from '../../manifests/resource.ts';
import {
  type ServicePort,
  selectorOf,
  servicePort,
  typeOfService,
} from '../../manifests/service.ts';
import { namedPort } from '../../manifests/workload.ts';
import { apiEndsTls } from '../../surface/api-tls.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { getIn, strings } from '../../yaml/json.ts';
import { idOf, type MapDraft, type MapLink, type NodeDetails } from './traffic-map.ts';

/** A link that leads to a port of a Service. */
interface ToService extends Pick<MapLink, 'from' | 'protocol' | 'tls' | 'purpose'> {
  name: string;
  /** The Service, where it is in these manifests. */
  service: Resource | undefined;
  /** Number or name; undefined where the reference gives none. */
  port: number | string | undefined;
  /** What the checks find wrong with the link. */
  fault: Fault | undefined;
}

/** Draws the link, the Service and what is behind it; in red where something is wrong, outside where it may be in other manifests. */
export function linkToService(draft: MapDraft, link: ToService): void {
  const { name, service, port, fault, ...rest } = link;
  const broken = fault?.message;
  if (!service) {
    const node = { kind: 'outside', title: 'Service, not in these manifests', name } as const;
    const to = fault ? draft.missing('Service', name) : draft.node(`outside Service ${name}`, node);
    draft.link({ ...rest, to, port: port?.toString(), broken });
    return;
  }
  const found = servicePort(service, port);
  const to = serviceNode(draft, service);
  draft.link({ ...rest, to, port: String(found?.port ?? port ?? ''), broken });
  if (found) linkToWorkloads(draft, service, found, link);
}

function serviceNode(draft: MapDraft, service: Resource): string {
  const { name, namespace } = service;
  const type = typeOfService(service);
  const home = draft.surface.apiServices[0]?.namespace ?? namespace;
  const details = [
    type === 'ClusterIP' ? '' : type,
    ...strings([getIn(service.json, ['spec', 'externalName'])]),
    namespace === home ? '' : `in ${namespace || 'no namespace'}`,
  ].filter(Boolean);
  return draft.node(idOf(service), { kind: 'service', title: 'Service', name, details });
}

function linkToWorkloads(
  draft: MapDraft,
  service: Resource,
  port: ServicePort,
  { protocol, tls }: ToService,
): void {
  // Without a selector its endpoints are somebody else's business.
  if (!selectorOf(service)) return;
  const link = { from: idOf(service), protocol, tls };
  const { apiServices } = draft.surface;
  const endsTls = apiServices.includes(service) && apiEndsTls(service, draft.surface);
  const faults = draft.serviceFaults.filter(({ resource }) => resource === service);
  const wrongPods = faults.find((fault) => fault.port === undefined);
  if (wrongPods) {
    const to = draft.missing('Pods', `selected by ${service.name}`);
    draft.link({ ...link, to, port: String(port.targetPort), broken: wrongPods.message });
  }
  // What is wrong with another port of the Service is shown as well.
  const wrongPorts = faults.flatMap((fault) => fault.port ?? []);
  for (const one of new Map([port, ...wrongPorts].map((each) => [each.port, each])).values()) {
    const broken = faults.find((fault) => fault.port?.port === one.port)?.message;
    for (const workload of draft.surface.podsOf(service)) {
      const { targetPort: target } = one;
      const number = typeof target === 'string' ? namedPort(workload, target) : target;
      const to = workloadNode(draft, workload, { endsTls });
      draft.link({ ...link, to, port: String(number ?? target), broken });
    }
  }
}

/** Draws a workload, or adds to it, and returns its id. */
export function workloadNode(draft: MapDraft, workload: Resource, more: NodeDetails = {}): string {
  const { kind, name } = workload;
  return draft.node(idOf(workload), { kind: 'workload', title: kind, name, ...more });
}
