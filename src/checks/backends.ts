/** Whether a backend leads to pods: the Service, its port, its selector, the port of the pods. */

import { listenerPorts } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import {
  isHeadless,
  list,
  podTemplatePath,
  type ServicePort,
  servicePorts,
} from '../manifests/workloads.ts';
import { upstreamsOf } from '../surface/upstreams.ts';
import {
  containersOf,
  type Entry,
  type EntryPath,
  jsonOf,
  type ManifestView,
  mounting,
  selectedBy,
} from '../surface/view.ts';
import { getIn, isObject } from '../yaml/json.ts';
import { portOf } from './shared/backend-port.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

const backendMissing: Search = (view) => [
  ...view.entries.flatMap((entry) =>
    unique(entry.paths.flatMap((path) => onPath(entry, path, view))),
  ),
  ...servicesInUse(view).flatMap((service) => onService(service, view)),
];

/** Several hosts of one entry lead to the same place. */
function unique(found: readonly Finding[]): Finding[] {
  return found.filter(
    ({ message }, position) => found.findIndex((other) => other.message === message) === position,
  );
}

function onPath(entry: Entry, { backend, place, role }: EntryPath, view: ManifestView): Finding[] {
  const { resource } = entry;
  const { service, name, port } = backend;
  if (!service) {
    // A route's reference is that of a custom resource, which kustomize does not follow: it has a code of its own.
    if (entry.form === 'route' || view.services.length === 0) return [];
    // Another program's Service may be in another stream.
    const isOurs = role !== undefined || entry.roles.size > 0 || isWanted(view);
    return [
      finding('backend-missing', {
        resource,
        path: place,
        severity: isOurs ? undefined : 'warning',
        message: `there is no Service ${name}`,
        mend: nearest(name, view) ?? undefined,
      }),
    ];
  }
  if (role === undefined || service.kind !== 'Service' || portOf(backend) || isExternal(service))
    return [];
  const ports = servicePorts(service);
  if (ports.length === 0 || port === undefined) return [];
  const numbers = ports.map(({ name: own, port: number }) =>
    own ? `${number} (${own})` : `${number}`,
  );
  return [
    finding('backend-missing', {
      resource,
      path: place,
      message: `Service ${name} has no port ${port}, it has ${numbers.join(', ')}`,
      mend: `use one of them: ${numbers.join(', ')}`,
    }),
  ];
}

/** Whether one of our parts has no entry, which the one that leads nowhere was probably meant to be. */
function isWanted(view: ManifestView): boolean {
  return (
    (view.apiServices.length > 0 && view.entriesOf('api').length === 0) ||
    (view.envoyServices.length > 0 && view.entriesOf('envoy').length === 0)
  );
}

/** A Service whose name has the wanted one in it: what an outer layer makes of a name. */
function nearest(name: string, { services }: ManifestView): string | undefined {
  const close = services.find(
    (service) => service.name.includes(name) || name.includes(service.name),
  );
  return close && `name Service ${close.name}, or let nothing rename it afterwards`;
}

/** Services that carry requests of ours: behind entries, and behind Envoy. */
function servicesInUse(view: ManifestView): Resource[] {
  const behindEntries = view.entries.flatMap(({ paths }) =>
    paths.flatMap(({ role, backend }) => (role && backend.service ? [backend.service] : [])),
  );
  const behindEnvoy = upstreamsOf(view).flatMap(({ service }) => service ?? []);
  const ours = [...view.apiServices, ...view.envoyServices];
  return [...new Set([...behindEntries, ...behindEnvoy, ...ours])].filter(
    (service) => service.kind === 'Service' && !isExternal(service),
  );
}

function isExternal({ json }: Resource): boolean {
  return getIn(json, ['spec', 'type']) === 'ExternalName';
}

function onService(service: Resource, view: ManifestView): Finding[] {
  const selector = getIn(service.json, ['spec', 'selector']);
  // Without a selector somebody else writes the endpoints; without workloads nobody can see them.
  if (!isObject(selector) || Object.keys(selector).length === 0) return [];
  if (view.workloads.length === 0) return [];
  const pods = selectedBy(service, view.workloads);
  if (pods.length === 0)
    return [
      finding('backend-missing', {
        resource: service,
        path: 'spec.selector',
        // Where every workload has its Service, the pods may be in another stream.
        severity: hasOrphan(view) ? undefined : 'warning',
        message: `the selector picks no pods of these manifests: ${Object.entries(selector)
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(', ')}`,
        mend: 'let the selector be part of the labels of the pod template',
      }),
    ];
  return servicePorts(service).flatMap((port) => onPort(service, port, pods, view));
}

/** Whether there are pods that a Service may be meant for: not picked by any, and of a program that is called. */
function hasOrphan(view: ManifestView): boolean {
  const called = new Set(view.services.flatMap((service) => selectedBy(service, view.workloads)));
  const callers = new Set(mounting(view.workloads, [...view.workers, ...view.controllerManagers]));
  return view.workloads.some((workload) => !called.has(workload) && !callers.has(workload));
}

function onPort(
  service: Resource,
  port: ServicePort,
  pods: readonly Resource[],
  view: ManifestView,
): Finding[] {
  const { targetPort } = port;
  const path = `spec.ports[${servicePorts(service).indexOf(servicePorts(service).find((own) => own.port === port.port) ?? port)}].targetPort`;
  const declared = pods.flatMap(portsOf);
  if (typeof targetPort === 'string' && !declared.some(({ name }) => name === targetPort))
    return [
      finding('backend-missing', {
        resource: service,
        path,
        message: `no container of ${pods.map(({ name }) => name).join(', ')} has a port that is called ${targetPort}`,
        mend: 'name a port of the container, or write its number',
      }),
    ];
  if (!view.envoyServices.includes(service) || isHeadless(service)) return [];
  const number =
    typeof targetPort === 'number'
      ? targetPort
      : declared.find(({ name }) => name === targetPort)?.number;
  const listeners = view.envoys.flatMap((target) => listenerPorts(jsonOf(target)));
  // Other ports may be those of the admin interface.
  const isUsed = view.entries.some(({ paths }) =>
    paths.some(({ backend }) => backend.service === service && portOf(backend)?.port === port.port),
  );
  if (!isUsed || number === undefined || listeners.length === 0 || listeners.includes(number))
    return [];
  return [
    finding('backend-missing', {
      resource: service,
      path,
      message: `port ${port.port} leads to ${number}, and Envoy listens on ${listeners.join(', ')}`,
      mend: `lead the port to ${listeners[0]}`,
    }),
  ];
}

function portsOf(workload: Resource): { name: string; number: number }[] {
  const sidecars = list(
    getIn(workload.json, [...podTemplatePath(workload), 'spec', 'initContainers']),
  );
  return [...containersOf(workload), ...sidecars]
    .flatMap((container) => list(container['ports']))
    .map((port) => ({ name: String(port['name'] ?? ''), number: Number(port['containerPort']) }));
}

export const BACKEND_CHECKS: readonly Search[] = [backendMissing];
