/**
 * What a Prometheus of the cluster is told to ask for metrics.
 *
 * Source: Prometheus operator, API reference of ServiceMonitor and PodMonitor: without a `namespaceSelector` only the monitor's own
 * namespace; `port` is the name of a port.
 */
import { selectsLabels } from '../manifests/label-selectors.ts';
import { groupOf, sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import {
  allContainersOf,
  containerPortsOf,
  namedPort,
  podMetadataOf,
  podTemplatePath,
} from '../manifests/workload.ts';
import {
  asNumber,
  asText,
  getIn,
  type Json,
  type JsonObject,
  list,
  objectAt,
  strings,
} from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/** Something that tells Prometheus what to scrape. */
export interface Monitor {
  resource: Resource;
  selector: Json | undefined;
  /** Where the endpoints stand in `spec`. */
  field: 'endpoints' | 'podMetricsEndpoints';
  endpoints: readonly JsonObject[];
  /** Everything in the namespaces that it looks in. */
  candidates: readonly { resource: Resource; labels: JsonObject }[];
  /** What it takes of that. */
  taken: readonly Resource[];
  /** What it would take in the namespaces that it does not look in. */
  leftOut: readonly Resource[];
}

/** A port of a pod that is asked for metrics. */
export interface Scrape {
  /** Who asks, in words. */
  by: string;
  pod: Resource;
  port: number;
  /** Names that the port has in the pod. */
  names: readonly string[];
  path: string;
  scheme: 'http' | 'https';
  /** Where the monitor, or the pod, says so. */
  place: string;
}

/** Every ServiceMonitor and PodMonitor of the stream, with what it selects there. */
export const monitorsOf = once((surface): Monitor[] =>
  surface.manifests
    .ofKind('ServiceMonitor', 'PodMonitor')
    .filter((resource) => groupOf(resource) === 'monitoring.coreos.com')
    .map((resource) => {
      const isOfServices = resource.kind === 'ServiceMonitor';
      const field = isOfServices ? 'endpoints' : 'podMetricsEndpoints';
      const selector = getIn(resource.json, ['spec', 'selector']);
      const everywhere = (isOfServices ? surface.services : surface.workloads).map((one) => ({
        resource: one,
        labels: isOfServices
          ? objectAt(one.json, ['metadata', 'labels'])
          : podMetadataOf(one, 'labels'),
      }));
      const candidates = everywhere.filter((one) => looksIn(resource, one.resource.namespace));
      const taken = candidates
        .filter(({ labels }) => selectsLabels(selector, labels))
        .map(({ resource: one }) => one);
      const endpoints = list(getIn(resource.json, ['spec', field]));
      const leftOut = everywhere
        .filter((one) => !candidates.includes(one) && selectsLabels(selector, one.labels))
        .map(({ resource: one }) => one);
      return { resource, selector, field, endpoints, candidates, taken, leftOut };
    }),
);

function looksIn(monitor: Resource, namespace: string): boolean {
  const selector = getIn(monitor.json, ['spec', 'namespaceSelector']);
  if (getIn(selector, ['any']) === true) return true;
  const names = strings(getIn(selector, ['matchNames']));
  return names.length > 0 ? names.includes(namespace) : sameNamespace(monitor.namespace, namespace);
}

/** Ports that monitors and annotations of pods name, as far as they are there. */
export const scrapesOf = once((surface): Scrape[] => [
  ...monitorsOf(surface).flatMap((monitor) => ofMonitor(monitor, surface)),
  ...surface.workloads.flatMap(ofAnnotations),
]);

function ofMonitor({ resource, taken, field, endpoints }: Monitor, surface: Surface): Scrape[] {
  const by = `${resource.kind} ${resource.name}`;
  return taken.flatMap((one) =>
    endpoints.flatMap((endpoint, index) => {
      const { port, targetPort, portNumber } = endpoint;
      const asks = {
        by,
        ...wayOf(endpoint['path'], endpoint['scheme']),
        place: `spec.${field}[${index}]`,
      };
      if (one.kind !== 'Service')
        return scrape(asks, one, (port ?? targetPort ?? portNumber) as number | string);
      const own = servicePorts(one).find(({ name }) => name === port);
      const target = own ? own.targetPort : (targetPort as number | string | undefined);
      return surface.podsOf(one).flatMap((pod) => scrape(asks, pod, target));
    }),
  );
}

/** How messages call it. */
export const ANNOTATION = 'the annotation prometheus.io/scrape';

/** A convention of many scrape configs, no part of Prometheus. */
function ofAnnotations(pod: Resource): Scrape[] {
  const annotations = podMetadataOf(pod, 'annotations');
  if (asText(annotations['prometheus.io/scrape']) !== 'true') return [];
  const port = annotations['prometheus.io/port'];
  const number = asNumber(port);
  return port === undefined || !Number.isInteger(number)
    ? []
    : scrape(
        {
          by: ANNOTATION,
          ...wayOf(annotations['prometheus.io/path'], annotations['prometheus.io/scheme']),
          place: toPath([...podTemplatePath(pod), 'metadata', 'annotations', 'prometheus.io/port']),
        },
        pod,
        number,
      );
}

function wayOf(path: Json | undefined, scheme: Json | undefined): Pick<Scrape, 'path' | 'scheme'> {
  const isTls = /^https$/i.test(asText(scheme));
  return { path: asText(path ?? '/metrics'), scheme: isTls ? 'https' : 'http' };
}

function scrape(
  asks: Pick<Scrape, 'by' | 'path' | 'scheme' | 'place'>,
  pod: Resource,
  port: number | string | undefined,
): Scrape[] {
  const number = typeof port === 'number' ? port : namedPort(pod, port ?? '');
  if (number === undefined) return [];
  const names = containerPortsOf(allContainersOf(pod))
    .filter((own) => own.number === number && own.name !== '')
    .map(({ name }) => name);
  return [{ ...asks, pod, port: number, names }];
}
