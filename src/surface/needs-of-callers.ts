/** The connections that come in: from entries, through Envoy, from others in the cluster, from a Prometheus. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { metricsEndpoint } from '../envoy/stats.ts';
import type { PortWanted } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import { typeOfService } from '../manifests/service.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { isIp, isLoopback, isTemplated, isUnspecified, readAddress } from '../net/addresses.ts';
import { asText, getIn } from '../yaml/json.ts';
import { apiServicePort } from './api-port.ts';
import { bindAddresses } from './bind-addresses.ts';
import { publicServicePort, servingPorts } from './envoy-service.ts';
import { filledIn } from './filled-in.ts';
import { scrapesOf } from './monitors.ts';
import { type Need, needsOfService, tcp } from './need.ts';
import { otherEntries } from './other-entries.ts';
import { jsonOf } from './parts.ts';
import { SERVICE_ROLES } from './roles.ts';
import type { Surface } from './surface.ts';
import { variableOf } from './task-pods.ts';

/** Whether an address is that of the pod itself, which no policy is about. */
export function isOwnAddress(host: string): boolean {
  return isLoopback(host) || isUnspecified(host);
}

/** From Envoy to what its clusters name. */
export function envoyNeeds(surface: Surface): Need[] {
  return surface.upstreams
    .filter(({ address }) => !isOwnAddress(address))
    .flatMap(({ target, cluster, address, port, parsed, service }) =>
      surface.mounting([target]).flatMap((source): Need[] => {
        const isApi = service !== undefined && surface.apiServices.includes(service);
        const to = isApi ? 'api-server' : 'envoy-upstream';
        if (service) return needsOfService(surface, { source, to }, service, port);
        const namespace = parsed ? { namespace: parsed.namespace ?? source.namespace } : {};
        const outside = { to, ...namespace, ...(isIp(address) ? { ip: address } : {}) } as const;
        const isKnown = port > 0 && !isTemplated(address);
        const targetName = `its cluster ${cluster} (${address})`;
        return [
          { source, target: undefined, targetName, ports: isKnown ? [tcp(port)] : [], outside },
        ];
      }),
    );
}

/**
 * From entries of any kind to what they lead to.
 * @param routed - roles that get routes which are not in the stream yet
 */
export function entryNeeds(surface: Surface, routed: readonly PublicRole[]): Need[] {
  const caller = { caller: 'entry' } as const;
  const seen = surface.entries.flatMap(({ paths }) =>
    paths
      .filter(({ role }) => role !== undefined)
      .flatMap(({ backend: { service, port } }) =>
        service ? needsOfService(surface, caller, service, port) : [],
      ),
  );
  const others = otherEntries(surface).map(({ role }) => role);
  const open = PUBLIC_ROLES.filter((role) =>
    surface.servicesOf(SERVICE_ROLES[role]).some((each) => typeOfService(each) !== 'ClusterIP'),
  );
  const roles = new Set([...routed, ...others, ...open]);
  return [...seen, ...[...roles].flatMap((role) => needsOfRole(role, surface))];
}

function needsOfRole(role: PublicRole, surface: Surface): Need[] {
  const service = surface.serviceOf(role);
  if (!service) return [];
  const one = publicServicePort(role, surface);
  const ports = role === 'app' ? servingPorts(service, surface.envoyPods) : one ? [one] : [];
  return ports.flatMap(({ port }) => needsOfService(surface, { caller: 'entry' }, service, port));
}

/** From task pods that are told the Service of the API; with `isOpen` from whoever the config lets in. */
export function clientNeeds(surface: Surface, isOpen: boolean): Need[] {
  const told = surface.taskPods.flatMap((resource): { service: Resource; port?: number }[] => {
    const { host, port } = readAddress(variableOf(resource, 'REGISTRY_ENDPOINT')) ?? {};
    const service = host === undefined ? undefined : serviceAt(host, resource, surface.manifests);
    return service ? [{ service, ...(port === undefined ? {} : { port }) }] : [];
  });
  const api = isOpen ? surface.apiServices : [];
  const all = [
    ...told.filter(({ service }) => surface.apiServices.includes(service)),
    ...api.map((service) => ({ service, port: apiServicePort(service)?.port })),
  ];
  return all.flatMap(({ service, port }) =>
    needsOfService(surface, { caller: 'clients' }, service, port),
  );
}

/** From a Prometheus to the metrics: what monitors and annotations name, and what is served in any case. */
export function metricsNeeds(surface: Surface): Need[] {
  const to = (pod: Resource, port: PortWanted | undefined): Need => ({
    source: undefined,
    caller: 'monitoring',
    target: pod,
    targetName: `${pod.kind} ${pod.name}`,
    ports: port ? [port] : [],
  });
  const scraped = scrapesOf(surface).map(({ pod, port, names }) =>
    to(pod, { ...tcp(port), names }),
  );
  const { prober } = surface.settings?.config.spec.alerts?.prometheusOperator ?? {};
  const served = bindAddresses(surface)
    // A prober tries the port of the health as well.
    .filter(({ use }) => use === 'metrics' || (use === 'health' && prober !== undefined))
    .filter(({ host = '' }) => !isLoopback(host))
    .flatMap(({ target, path, pods, written = asText(getIn(jsonOf(target), path)) }) => {
      return pods.map((pod) => to(pod, portIn(filledIn(written, pod))));
    });
  const ofEnvoy = surface.envoys.flatMap((target) => {
    const endpoint = metricsEndpoint(jsonOf(target));
    return endpoint ? surface.mounting([target]).map((pod) => to(pod, tcp(endpoint.port))) : [];
  });
  const offered = [...served, ...ofEnvoy].map((need): Need => ({ ...need, isOffered: true }));
  return [...scraped, ...offered];
}

function portIn(address: string): PortWanted | undefined {
  const [, port] = /:(\d{1,5})$/.exec(address) ?? [];
  return port === undefined ? undefined : tcp(Number(port));
}
