/**
 * The Service through which Prometheus finds the metrics of a program: one that is there and picks its pods alone, with a name for the
 * port, or one more.
 *
 * Source: Prometheus operator, API reference of ServiceMonitor: it selects Services by their labels, and ports by their names.
 */
import { Draft } from '../../manifests/edit.ts';
import type { Resource } from '../../manifests/resource.ts';
import { type ServicePort, servicePorts, typeOfService } from '../../manifests/service.ts';
import { shortName } from '../../manifests/short-name.ts';
import { declaredSelector, podMetadataOf } from '../../manifests/workload.ts';
import { targetOf } from '../../surface/envoy-service.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type JsonObject, list, objectAt } from '../../yaml/json.ts';
import type { Addition } from '../rule.ts';
import { metadataFrom } from '../served-by.ts';
import { FIELD } from './alert.ts';

/** By which the ServiceMonitor finds the Service, and no other: two environments may share a namespace, and labels. */
export const SCRAPE_LABEL = 'network.michelangelo.api/scrape';

/** Names of Services are labels of DNS. */
const LONGEST_NAME = 63;

/** A port of the pods that is to be asked, and what its port of the Service is called where it has no name yet. */
export interface WantedPort {
  use: string;
  number: number;
}

/** The Service that a ServiceMonitor selects, with the edits or the resource that it takes. */
export interface MetricsService {
  name: string;
  namespace: string;
  workload: Resource;
  /** Undefined where it is made. */
  service: Resource | undefined;
  draft: Draft | undefined;
  addition: Addition | undefined;
  /** The Service's port for each wanted one, in their order. */
  ports: { name: string; port: number }[];
}

/** Takes the Service that lacks the fewest of the wanted ports. Nothing of a Service that picks other pods too is changed. */
export function metricsService(
  workload: Resource,
  wanted: readonly WantedPort[],
  surface: Surface,
): MetricsService {
  const [found] = surface.services
    .filter((service) => isFit(service, workload, wanted, surface))
    .sort((left, right) => missing(left) - missing(right));
  return found ? existing(found) : made(workload, wanted);

  function missing(service: Resource): number {
    return wanted.filter(({ number }) => !portTo(number, service, workload)).length;
  }

  function existing(service: Resource): MetricsService {
    const draft = new Draft(service);
    const { name, namespace } = service;
    draft.set(['metadata', 'labels', SCRAPE_LABEL], name, FIELD);
    const ports = wanted.map(({ use, number }) => {
      const own = portTo(number, service, workload);
      if (own) return nameIt(draft, own, freeName(use, number, service));
      return addPort(draft, service, { use, number });
    });
    return { name, namespace, workload, service, draft, addition: undefined, ports };
  }
}

/** Whether it has what is wanted, or may get it: what others reach from outside gets no port for metrics. */
function isFit(
  service: Resource,
  workload: Resource,
  wanted: readonly WantedPort[],
  surface: Surface,
): boolean {
  const pods = surface.podsOf(service);
  if (pods.length !== 1 || pods[0] !== workload) return false;
  const absent = wanted.filter(({ number }) => !portTo(number, service, workload));
  if (absent.length === 0) return true;
  const taken = servicePorts(service).map(({ port }) => port);
  return (
    typeOfService(service) === 'ClusterIP' && !absent.some(({ number }) => taken.includes(number))
  );
}

function portTo(number: number, service: Resource, workload: Resource): ServicePort | undefined {
  return servicePorts(service).find(
    (port) =>
      targetOf(port, { workloads: [workload] }) === number && protocolOf(service, port) === 'TCP',
  );
}

function protocolOf(service: Resource, { index }: ServicePort): unknown {
  return getIn(service.json, ['spec', 'ports', index, 'protocol']) ?? 'TCP';
}

function nameIt(draft: Draft, { index, name, port }: ServicePort, wanted: string) {
  if (name !== '') return { name, port };
  draft.set(['spec', 'ports', index, 'name'], wanted, FIELD);
  return { name: wanted, port };
}

/** Each port of a Service that has several needs a name. */
function addPort(draft: Draft, service: Resource, { use, number }: WantedPort) {
  const ports = servicePorts(service);
  for (const own of ports)
    if (own.name === '' && draft.get(['spec', 'ports', own.index, 'name']) === undefined)
      nameIt(draft, own, `port-${own.port}`);
  const name = freeName(use, number, service);
  const items = draft.get(['spec', 'ports']);
  const port = { name, port: number, targetPort: number, protocol: 'TCP' };
  if (Array.isArray(items)) draft.insert(['spec', 'ports'], items.length, port, FIELD);
  else draft.set(['spec', 'ports'], [port], FIELD);
  return { name, port: number };
}

function freeName(use: string, number: number, service: Resource): string {
  return servicePorts(service).some(({ name }) => name === use) ? `${use}-${number}` : use;
}

function made(workload: Resource, wanted: readonly WantedPort[]): MetricsService {
  const name = shortName(`${workload.name}-metrics`, workload.name, LONGEST_NAME);
  const { labels, ...metadata } = metadataFrom(workload, name);
  const ports = wanted.map(({ use, number }) => ({ name: use, port: number }));
  const json: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels: { ...objectAt(labels, []), [SCRAPE_LABEL]: name } },
    spec: {
      type: 'ClusterIP',
      selector: podSelector(workload),
      ports: ports.map(({ name: own, port }) => ({
        name: own,
        port,
        targetPort: port,
        protocol: 'TCP',
      })),
    },
  };
  const addition = { json, field: FIELD };
  const { namespace } = workload;
  return { name, namespace, workload, service: undefined, draft: undefined, addition, ports };
}

/** Labels that pick a workload's pods: those of its own selector where labels are all that it has, else every label of the pods. */
export function podSelector(workload: Resource): JsonObject {
  const { matchLabels, matchExpressions } = declaredSelector(workload) ?? {};
  const isWhole = isObject(matchLabels) && list(matchExpressions).length === 0;
  return isWhole ? matchLabels : podMetadataOf(workload, 'labels');
}
