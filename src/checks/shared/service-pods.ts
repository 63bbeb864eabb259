/** Whether Services that carry requests of ours lead to pods. */

import { listenerPorts } from '../../envoy/bootstrap.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isHeadless, type ServicePort, servicePorts } from '../../manifests/service.ts';
import { containersOf, podTemplatePath } from '../../manifests/workload.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, list } from '../../yaml/json.ts';
import type { FindingDetails } from '../check.ts';
import { isExternal, placeOfPort, portOf } from './backend-port.ts';

/** Services in use whose selector picks no pods, or whose port leads to none of theirs. */
export function onServices(view: Surface): FindingDetails[] {
  return servicesInUse(view).flatMap((service) => onService(service, view));
}

/** Services that carry requests of ours: behind entries, and behind Envoy. */
function servicesInUse(view: Surface): Resource[] {
  const behindEntries = view.entries.flatMap(({ paths }) =>
    paths.flatMap(({ role, backend }) => (role && backend.service ? [backend.service] : [])),
  );
  const behindEnvoy = view.upstreams.flatMap(({ service }) => service ?? []);
  const ours = [...view.apiServices, ...view.envoyServices];
  return [...new Set([...behindEntries, ...behindEnvoy, ...ours])].filter(
    (service) => service.kind === 'Service' && !isExternal(service),
  );
}

function onService(service: Resource, view: Surface): FindingDetails[] {
  const selector = getIn(service.json, ['spec', 'selector']);
  // Without a selector somebody else writes the endpoints; without workloads nobody can see them.
  if (!isObject(selector) || Object.keys(selector).length === 0) return [];
  if (view.workloads.length === 0) return [];
  const pods = view.podsOf(service);
  if (pods.length === 0)
    return [
      {
        resource: service,
        path: 'spec.selector',
        // Where every workload has its Service, the pods may be in another stream.
        severity: hasOrphan(view) ? undefined : 'warning',
        message: `the selector picks no pods of these manifests: ${Object.entries(selector)
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(', ')}`,
        mend: 'let the selector be part of the labels of the pod template',
      },
    ];
  return servicePorts(service).flatMap((port) => onPort(service, port, pods, view));
}

/** Whether there are pods that a Service may be meant for: not picked by any, and of a program that is called. */
function hasOrphan(view: Surface): boolean {
  const called = new Set(view.services.flatMap((service) => view.podsOf(service)));
  const callers = new Set(view.mounting([...view.workers, ...view.controllerManagers]));
  return view.workloads.some((workload) => !called.has(workload) && !callers.has(workload));
}

function onPort(
  service: Resource,
  port: ServicePort,
  pods: readonly Resource[],
  view: Surface,
): FindingDetails[] {
  const { targetPort } = port;
  const path = `${placeOfPort(service, port)}.targetPort`;
  const declared = pods.flatMap(portsOf);
  if (typeof targetPort === 'string' && !declared.some(({ name }) => name === targetPort))
    return [
      {
        resource: service,
        path,
        message: `no container of ${pods.map(({ name }) => name).join(', ')} has a port that is called ${targetPort}`,
        mend: 'name a port of the container, or write its number',
      },
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
    {
      resource: service,
      path,
      message: `port ${port.port} leads to ${number}, and Envoy listens on ${listeners.join(', ')}`,
      mend: `lead the port to ${listeners[0]}`,
    },
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
