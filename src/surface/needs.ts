/** The connections that the manifests call for. NetworkPolicies at both ends have to allow each. */
import type { PortWanted } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort, servicePorts } from '../manifests/service.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { containerPortsOf, containersOf, namedPort } from '../manifests/workload.ts';
import { isTemplated, readAddress } from '../net/addresses.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { getIn } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from './parts.ts';
import { type Peer, peersOf } from './peers.ts';
import type { Surface } from './surface.ts';

/** A way from one end to the other; an end that is undefined is outside of these manifests. */
export interface Need {
  source: Resource | undefined;
  target: Resource | undefined;
  /** The target in words: `the API server`. */
  targetName: string;
  /** One of them is enough. */
  ports: readonly PortWanted[];
  /** Of an outer target: its namespace where it is a Service, or that it can be reached as an address only. */
  outside?: { namespace?: string; isAddress?: boolean; cidr?: string };
}

export function needsOf(surface: Surface): Need[] {
  return [
    ...envoyNeeds(surface),
    ...entryNeeds(surface),
    ...kubernetesNeeds(surface),
    ...configNeeds(surface),
  ];
}

function envoyNeeds(surface: Surface): Need[] {
  return surface.upstreams.flatMap(({ target, service, port }) =>
    surface
      .mounting([target])
      .flatMap((source) => (service ? needsOfService(surface, source, service, port) : [])),
  );
}

function entryNeeds(surface: Surface): Need[] {
  return surface.entries.flatMap(({ paths }) =>
    paths
      .filter(({ role }) => role !== undefined)
      .flatMap(({ backend: { service, port } }) =>
        service ? needsOfService(surface, undefined, service, port) : [],
      ),
  );
}

/** API server and controller manager keep everything in the Kubernetes API: 443 is its Service, 6443 its usual port. */
function kubernetesNeeds(surface: Surface): Need[] {
  const servers = surface.apiServices.flatMap((service) => surface.podsOf(service));
  const managers = surface.mounting(surface.controllerManagers);
  return [...new Set([...servers, ...managers])].map((source) => ({
    source,
    target: undefined,
    targetName: 'the Kubernetes API',
    ports: [443, 6443].map((number) => ({ protocol: 'TCP', number, names: [] })),
    outside: { isAddress: true },
  }));
}

/** The peers that configs name: API server, workflow engine, object store, compute clusters. */
function configNeeds(surface: Surface): Need[] {
  const named = surface.clients.flatMap((target) => {
    const peers = [...apiOf(target), ...peersOf(jsonOf(target))].filter(
      ({ host }) => readAddress(host) !== undefined && !isTemplated(host),
    );
    return surface
      .mounting([target])
      .flatMap((source) => peers.flatMap((peer) => needOf(surface, source, peer)));
  });
  return [...named, ...clusterNeeds(surface)];
}

/** The API server as a worker's config names it. */
function apiOf(target: DocumentTarget): Pick<Peer, 'host' | 'port'>[] {
  const address = readAddress(String(getIn(jsonOf(target), ['worker', 'address']) ?? ''));
  return address ? [{ ...address, port: address.port ?? (turnsTlsOn(target) ? 443 : 80) }] : [];
}

function needOf(
  surface: Surface,
  source: Resource,
  { name, host, port }: Pick<Peer, 'host' | 'port'> & Partial<Peer>,
): Need[] {
  const parsed = parseServiceAddress(host);
  const service = serviceAt(host, source, surface.manifests);
  if (service) return needsOfService(surface, source, service, port);
  return [
    {
      source,
      target: undefined,
      targetName: `the ${name ?? 'API server'} (${host})`,
      ports: [{ protocol: 'TCP', number: port, names: [] }],
      outside: parsed ? { namespace: parsed.namespace ?? source.namespace } : {},
    },
  ];
}

/** From the controller manager to each compute cluster, on the port of its Kubernetes API. */
function clusterNeeds(surface: Surface): Need[] {
  const clusters = surface.settings?.config.spec.computeClusters ?? [];
  return surface.mounting(surface.controllerManagers).flatMap((source) =>
    clusters.flatMap(({ name, server, cidrs = [] }) => {
      const number = readAddress(server)?.port ?? 443;
      const ranges: { cidr?: string }[] = cidrs.length > 0 ? cidrs.map((cidr) => ({ cidr })) : [{}];
      return ranges.map(
        (range): Need => ({
          source,
          target: undefined,
          targetName: `compute cluster ${name}${range.cidr ? ` (${range.cidr})` : ''}`,
          ports: [{ protocol: 'TCP', number, names: [] }],
          outside: { isAddress: true, ...range },
        }),
      );
    }),
  );
}

/** From one workload to the pods behind a port of a Service. */
function needsOfService(
  surface: Surface,
  source: Resource | undefined,
  service: Resource,
  port: number | string | undefined,
): Need[] {
  return surface.podsOf(service).flatMap((target) => {
    const wanted = podPort(service, port, target);
    const targetName = `${target.kind} ${target.name}`;
    return wanted ? [{ source, target, targetName, ports: [wanted] }] : [];
  });
}

/** The port of a pod behind a port of its Service. */
function podPort(
  service: Resource,
  port: number | string | undefined,
  workload: Resource,
): PortWanted | undefined {
  const { targetPort } = servicePort(service, port) ?? servicePorts(service)[0] ?? {};
  const number = typeof targetPort === 'string' ? namedPort(workload, targetPort) : targetPort;
  if (number === undefined) return undefined;
  const names = containerPortsOf(containersOf(workload))
    .filter((own) => own.number === number && own.name !== '')
    .map(({ name }) => name);
  return { protocol: 'TCP', number, names };
}
