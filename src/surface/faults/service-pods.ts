/** What can be wrong between a Service and its pods: a selector that picks none, a port that leads to none of theirs. */

import type { Resource } from '../../manifests/resource.ts';
import {
  isHeadless,
  type ServicePort,
  selectorOf,
  servicePort,
  servicePorts,
  typeOfService,
} from '../../manifests/service.ts';
import {
  allContainersOf,
  type ContainerPort,
  containerPortsOf,
  containersMounting,
  containersOf,
} from '../../manifests/workload.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { apiServicePort } from '../api-port.ts';
import { bindAddresses } from '../bind-addresses.ts';
import type { ServiceRole } from '../entry.ts';
import { envoyListenerPorts } from '../envoy-service.ts';
import { once } from '../once.ts';
import type { Surface } from '../surface.ts';
import type { LinkFault } from './fault.ts';
import { calledPods, labelsShown, nearPods } from './near-pods.ts';

/** A fault of a Service; `port` is absent where its selector is wrong, and all of its ports with it. */
export interface ServiceFault extends LinkFault {
  port?: ServicePort;
}

/** Of the Services that carry requests of ours. */
export const serviceFaults = once((surface) =>
  [...servicesInUse(surface), ...lostBalancers(surface)].flatMap((service) =>
    faultsOf(service, surface),
  ),
);

/** Load balancers without pods that lead to a port of one of our programs, and share a label with its pods. */
function lostBalancers(surface: Surface): Resource[] {
  const used = new Set(servicesInUse(surface));
  const ours = [...surface.apiServices, ...surface.envoyServices];
  const isMeant = (one: Resource, service: Resource) => {
    const labels = Object.entries(selectorOf(one) ?? {});
    const own = selectorOf(service) ?? {};
    const targets = new Set(servicePorts(service).map(({ targetPort }) => targetPort));
    return (
      one.namespace === service.namespace &&
      labels.some(([key, value]) => Object.hasOwn(own, key) && own[key] === value) &&
      servicePorts(one).some(({ targetPort }) => targets.has(targetPort))
    );
  };
  return surface.services.filter(
    (one) =>
      typeOfService(one) === 'LoadBalancer' &&
      !used.has(one) &&
      surface.podsOf(one).length === 0 &&
      ours.some((service) => isMeant(one, service)),
  );
}

/** Services that carry requests of ours: behind entries, and behind Envoy. */
export function servicesInUse(surface: Surface): Resource[] {
  const behindEntries = surface.entries.flatMap(({ paths }) =>
    paths.flatMap(({ role, backend }) => (role && backend.service ? [backend.service] : [])),
  );
  const behindEnvoy = surface.upstreams.flatMap(({ service }) => service ?? []);
  const ours = [...surface.apiServices, ...surface.envoyServices];
  return [...new Set([...behindEntries, ...behindEnvoy, ...ours])].filter(
    (service) => service.kind === 'Service' && typeOfService(service) !== 'ExternalName',
  );
}

function faultsOf(service: Resource, surface: Surface): ServiceFault[] {
  const selector = selectorOf(service);
  // Without a selector somebody else writes the endpoints; without workloads nobody can see them.
  if (!selector || surface.workloads.length === 0) return [];
  const pods = surface.podsOf(service);
  if (pods.length > 0)
    return servicePorts(service).flatMap((port) => portFault(service, port, pods, surface) ?? []);
  const near = nearPods(service, surface);
  return [
    {
      code: 'backend-missing',
      resource: service,
      path: 'spec.selector',
      // Where every workload has its Service, the pods may be in another stream.
      severity: near || hasOrphan(surface) ? undefined : 'warning',
      message: `the selector picks no pods of these manifests: ${labelsShown(selector)}`,
      fix: 'make the pod template carry every label of the selector',
      ...near,
    },
  ];
}

/** Whether there are pods that a Service may be meant for: not picked by any, and of a program that is called. */
const hasOrphan = once((surface) => {
  const called = calledPods(surface);
  const callers = new Set(surface.mounting(surface.clients));
  return surface.workloads.some((workload) => !called.has(workload) && !callers.has(workload));
});

function portFault(
  service: Resource,
  port: ServicePort,
  pods: readonly Resource[],
  surface: Surface,
): ServiceFault | undefined {
  const { targetPort } = port;
  const common = {
    code: 'backend-missing' as const,
    resource: service,
    port,
    path: `spec.ports[${port.index}].targetPort`,
  };
  const callers = callersOf(service, port, surface);
  const isCalled =
    callers.length > 0 ||
    (surface.apiServices.includes(service) && apiServicePort(service)?.index === port.index);
  const declared = pods.flatMap((pod) => containerPortsOf(allContainersOf(pod)));
  const protocol = protocolFault(service, port, declared, isCalled);
  if (protocol) return { ...common, ...protocol };
  const named = declared.find(({ name }) => name === targetPort);
  if (typeof targetPort === 'string' && !named)
    return {
      ...common,
      message: `no container of ${pods.map(({ name }) => name).join(', ')} has a port named ${targetPort}`,
      fix: 'name a port of the container, or write its number',
    };
  if (isHeadless(service)) return undefined;
  if (!surface.envoyServices.includes(service))
    return callers.length > 0 && typeof targetPort === 'number'
      ? undeclared(targetPort, declared, { ...common, listening: listeningOn(pods, surface) })
      : undefined;
  const number = typeof targetPort === 'number' ? targetPort : named?.number;
  // Other ports may be those of the admin interface.
  return callers.includes('envoy') && number !== undefined
    ? notListened(number, pods, surface, common)
    : undefined;
}

/** Who sends requests to a port: entries, as what they take it for, and Envoy's clusters. */
function callersOf(
  service: Resource,
  { port }: ServicePort,
  surface: Surface,
): (ServiceRole | 'upstream')[] {
  const roles = surface.entries.flatMap(({ paths }) =>
    paths.flatMap(({ backend, role }) =>
      role !== undefined &&
      backend.service === service &&
      servicePort(service, backend.port)?.port === port
        ? [role]
        : [],
    ),
  );
  const isUpstream = surface.upstreams.some(
    (upstream) => upstream.service === service && upstream.port === port,
  );
  return isUpstream ? [...roles, 'upstream'] : roles;
}

/** A port of Envoy's Service that leads to none of its listeners. */
function notListened(
  number: number,
  pods: readonly Resource[],
  surface: Surface,
  common: Omit<ServiceFault, 'message' | 'fix'> & { port: ServicePort },
): ServiceFault | undefined {
  const listeners = envoyListenerPorts(surface);
  // A proxy beside Envoy, for a login for instance, hands requests on inside of the pod.
  const isOfSidecar = pods.some((pod) =>
    containerPortsOf(containersBesideEnvoy(pod, surface)).some((own) => own.number === number),
  );
  if (isOfSidecar || listeners.length === 0 || listeners.includes(number)) return undefined;
  return {
    ...common,
    message: `port ${common.port.port} leads to ${number}, and Envoy listens on ${[...new Set(listeners)].join(', ')}`,
    fix: `lead the port to ${listeners[0]}`,
  };
}

/** Source: Kubernetes, `FindPort`: the name of a port counts together with its protocol. */
function protocolFault(
  service: Resource,
  { index, port, protocol, targetPort }: ServicePort,
  declared: readonly ContainerPort[],
  isCalled: boolean,
): Pick<ServiceFault, 'path' | 'message' | 'fix'> | undefined {
  const isTcp = servicePorts(service).some((own) => own.port === port && own.protocol === 'TCP');
  if (isCalled && !isTcp)
    return {
      path: `spec.ports[${index}].protocol`,
      message: `port ${port} is one of ${protocol}, and HTTP and gRPC are spoken over TCP`,
      fix: 'write `protocol: TCP`, or leave it out',
    };
  const namesakes = declared.filter(({ name }) => name === targetPort);
  const [first] = namesakes;
  const isThere = namesakes.some((own) => own.protocol === protocol);
  // Nothing here is known to speak by another one.
  if (!first || isThere || protocol !== 'TCP') return undefined;
  return {
    path: `spec.ports[${index}].targetPort`,
    message: `the port ${targetPort} of the containers is one of ${first.protocol}, and that of the Service one of ${protocol}: the name leads nowhere`,
    fix: 'write the same `protocol` in both, or leave it out',
  };
}

/** Where the programs of pods take calls, as their configs say; none where that cannot be told of all of them. */
function listeningOn(pods: readonly Resource[], surface: Surface): number[] {
  const ports = pods.map((pod) =>
    bindAddresses(surface).flatMap((one) =>
      one.use === 'calls' && one.pods.includes(pod) ? (one.port ?? []) : [],
    ),
  );
  return ports.some((own) => own.length === 0) ? [] : [...new Set(ports.flat())];
}

/** A program may listen on a port that its container does not declare. */
function undeclared(
  target: number,
  declared: readonly { number: number }[],
  {
    listening,
    ...common
  }: Pick<ServiceFault, 'code' | 'resource' | 'path'> & {
    port: ServicePort;
    listening: readonly number[];
  },
): ServiceFault | undefined {
  const numbers = [...new Set(declared.map(({ number }) => number))];
  if (numbers.length === 0 || numbers.includes(target)) return undefined;
  const [own] = listening;
  if (own !== undefined && numbers.includes(own) && !listening.includes(target))
    return {
      ...common,
      message: `port ${common.port.port} leads to ${target}, and the program listens on ${listening.join(', ')}`,
      fix: `lead the port to ${own}`,
    };
  return {
    ...common,
    severity: 'warning',
    message: `no container declares port ${target}, they have ${numbers.join(', ')}: the port leads somewhere only where a program listens on one that it does not declare`,
    fix: `lead the port to one of: ${numbers.join(', ')}`,
  };
}

/** The containers of a pod that do not read Envoy's config; none where that cannot be told. */
function containersBesideEnvoy(pod: Resource, { envoys }: Surface): JsonObject[] {
  const ofEnvoy = containersMounting(
    pod,
    envoys.flatMap(({ resource }) => resource.names),
  );
  const containers = containersOf(pod);
  const others = containers.filter((container) => !ofEnvoy.includes(container));
  return others.length < containers.length ? others : [];
}
