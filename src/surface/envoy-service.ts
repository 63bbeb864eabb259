/** Envoy's Service: which Services lead to its listener, and through which of their ports. */

import type { PublicRole } from '../config/public-hosts.ts';
import { managersTo } from '../envoy/api.ts';
import { adminPort, clusterNames, listenerPorts, portsOfManagers } from '../envoy/bootstrap.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import {
  isHeadless,
  type ServicePort,
  selectorOf,
  servicePorts,
  typeOfService,
} from '../manifests/service.ts';
import { namedPort } from '../manifests/workload.ts';
import { asText } from '../yaml/json.ts';
import { apiServicePort } from './api-port.ts';
import type { Belonging } from './belonging.ts';
import { envoyApi } from './envoy-api.ts';
import { type DocumentTarget, firstFound, jsonOf, type ServiceCandidates } from './parts.ts';
import type { Surface } from './surface.ts';
import { portsInUse, uiServicePort } from './ui-service.ts';

/** What Envoy's Services are told by. */
export interface EnvoyPods {
  /** The documents of Envoy. */
  envoys: readonly DocumentTarget[];
  /** That run Envoy; none where they are not in the stream. */
  workloads: readonly Resource[];
  /** Ports of the listeners that serve the API; of all where none does. */
  listeners: readonly number[];
  /** Ports of Envoy's admin interface. */
  admin: readonly number[];
}

/** The ports that Envoy's listeners are bound to; empty without an Envoy. */
export function envoyListenerPorts({ envoys }: Surface): number[] {
  return envoys.flatMap((target) => listenerPorts(jsonOf(target)));
}

/** What the documents of Envoy say of its pods. */
export function envoyPods(surface: Surface): EnvoyPods {
  const { envoys } = surface;
  const serving = envoys.flatMap((target) => {
    const { clusters } = envoyApi(target, surface);
    return portsOfManagers(
      jsonOf(target),
      managersTo(jsonOf(target), clusterNames(clusters)).map(({ manager }) => manager),
    );
  });
  return {
    envoys,
    workloads: surface.mounting(envoys),
    listeners: serving.length > 0 ? serving : envoyListenerPorts(surface),
    admin: envoys.flatMap((target) => adminPort(jsonOf(target)) ?? []),
  };
}

/**
 * The Services that lead to Envoy, those with an address first: of those that pick its pods the ones that lead to its listener. Where its
 * pods are not in the stream, a Service needs its name, or its selector, and the port: others may use the same one.
 */
export function findEnvoyServices(
  manifests: Manifests,
  belonging: Belonging,
  pods: EnvoyPods,
): ServiceCandidates {
  const homes = pods.envoys.map(({ resource }) => resource.namespace);
  const isHere = ({ namespace }: Resource) =>
    homes.length === 0 || homes.some((home) => sameNamespace(home, namespace));
  const idle = () =>
    manifests
      .ofKind('Service')
      .filter((service) => isHere(service) && belonging.podsOf(service).length === 0);
  const labelled = () => manifests.find(['Service'], [ROLE_LABEL]);
  const found = firstFound('envoy', labelled, {
    pods: () =>
      nearest(
        [...new Set(pods.workloads.flatMap((workload) => belonging.servicesOf(workload)))],
        pods,
      ),
    name: () =>
      nearest(
        idle().filter((service) => isNamedEnvoy(service) && mayServe(service)),
        pods,
      ),
  });
  found.services.sort((left, right) => Number(isHeadless(left)) - Number(isHeadless(right)));
  return found;
}

/** Those that lead to the listener; without any, those that do not lead to the admin interface alone. */
function nearest(services: readonly Resource[], pods: EnvoyPods): Resource[] {
  const leading = services.filter((service) => servingPorts(service, pods).length > 0);
  if (leading.length > 0) return leading;
  return services.filter((service) =>
    servicePorts(service).some((port) => !pods.admin.includes(targetOf(port, pods) ?? -1)),
  );
}

/** The name, or a label that the pods are to have, says so. */
function isNamedEnvoy(service: Resource): boolean {
  const labels = Object.values(selectorOf(service) ?? {}).map(asText);
  return [...service.names, ...labels].some((name) => /(?:^|-)envoy(?:-|$)/.test(name));
}

/** A name in the DNS of somebody else has no ports of ours. */
function mayServe(service: Resource): boolean {
  return typeOfService(service) !== 'ExternalName';
}

/** The ports of a Service that lead to a listener; where the name of one is not known here, the only port. */
export function servingPorts(service: Resource, pods: EnvoyPods): ServicePort[] {
  const ports = servicePorts(service);
  const isKnown = pods.listeners.length > 0;
  const leading = ports.filter((port) => pods.listeners.includes(targetOf(port, pods) ?? -1));
  if (leading.length > 0) return leading;
  const open = ports.filter((port) => !isKnown || targetOf(port, pods) === undefined);
  return open.length === 1 && (pods.workloads.length === 0 || !isKnown) ? open : [];
}

/** The number behind a port; undefined where it is the name of one that no container here has. */
export function targetOf(
  { targetPort }: ServicePort,
  { workloads }: Pick<EnvoyPods, 'workloads'>,
): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return workloads.map((workload) => namedPort(workload, targetPort)).find(Boolean);
}

/**
 * The one that requests go to: of several, those with an address, and of them the one that an entry uses; undefined where there is
 * none, or a choice.
 */
export function chosenEnvoyService(surface: Surface): Resource | undefined {
  const { envoyServices: found } = surface;
  const reachable = found.filter((service) => !isHeadless(service));
  const candidates = reachable.length > 0 ? reachable : found;
  if (candidates.length < 2) return candidates[0];
  const used = candidates.filter((service) => portsInUse(service, surface).length > 0);
  return used.length === 1 ? used[0] : undefined;
}

/** The port that a public role's requests go to. */
export function publicServicePort(role: PublicRole, surface: Surface): ServicePort | undefined {
  if (role === 'app') return envoyServicePort(surface);
  if (role === 'ui') return uiServicePort(surface);
  return surface.apiServer && apiServicePort(surface.apiServer);
}

/** The port of Envoy's Service that leads to the listener: of several, the one that an entry uses. */
function envoyServicePort(surface: Surface): ServicePort | undefined {
  const service = surface.serviceOf('app');
  if (!service) return undefined;
  const candidates = servingPorts(service, surface.envoyPods);
  const used = portsInUse(service, surface);
  return candidates.find(({ port }) => used.includes(port)) ?? candidates[0];
}
