import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { pathsOfKey } from '../manifests/mounted-files.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts, typeOfService } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { runsEnvoy } from '../surface/envoy-program.ts';
import { envoyListenerPorts, targetOf } from '../surface/envoy-service.ts';
import { misplacedHosts } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { SERVICE_ROLES } from '../surface/roles.ts';
import type { Surface } from '../surface/surface.ts';
import { portsInUse } from '../surface/ui-service.ts';
import type { Check } from './check.ts';
import { entriesInVain } from './shared/entries-in-vain.ts';

/** Kinds of other APIs that lead to Services: what they say is not read here. */
const OTHER_ENTRY_KINDS = [
  'HTTPProxy',
  'IngressRoute',
  'IngressRouteTCP',
  'VirtualService',
  'VirtualServer',
  'TransportServer',
  'Mapping',
  'TCPIngress',
  'ApisixRoute',
  'Route',
];

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title: 'No entry leads to the API server or to Envoy',
  why: 'Nobody outside of the cluster reaches it, unless an Ingress or a route that is not in these manifests leads there. An entry that redirects every request, or a canary by itself, leads nowhere either.',
  fix: 'add an Ingress or a route for it, or list the entry in `spec.absent` where it is kept elsewhere',
  find: (surface) => {
    const vain = entriesInVain(surface).map((fault) => ({ ...fault, severity: 'error' as const }));
    const isDangling = surface.entries.some(({ paths }) =>
      paths.some(({ role, backend }) => role === undefined && backend.service === undefined),
    );
    if (isDangling || surface.manifests.ofKind(...OTHER_ENTRY_KINDS).length > 0) return [];
    // Envoy may lead to the page: `ui-not-served` knows.
    return [
      ...vain,
      ...PUBLIC_ROLES.filter((role) => role !== 'ui').flatMap((role) => missing(role, surface)),
    ];
  },
};

function missing(role: PublicRole, surface: Surface): Fault[] {
  const services = surface.servicesOf(SERVICE_ROLES[role]);
  const [service] = services;
  const isReached = services.some((one) =>
    ['LoadBalancer', 'NodePort'].includes(typeOfService(one)),
  );
  if (!service || isReached || surface.settings?.absent.has(`${role}-entry`)) return [];
  if (surface.entriesOf(SERVICE_ROLES[role]).length > 0) return [];
  // Its entry is there, and leads to another part.
  if (misplacedHosts(surface).some(({ owner }) => owner === role)) return [];
  const past = role === 'app' ? pastEnvoy(surface) : [];
  if (past.length > 0) return past;
  return [{ resource: service, message: `no Ingress and no route leads to ${service.name}` }];
}

/** Entries lead to the pods of Envoy, by a port on which another container listens. */
function pastEnvoy(surface: Surface): Fault[] {
  const { envoyPods } = surface;
  const [listens] = envoyPods.listeners;
  if (listens === undefined) return [];
  return surface.envoyServices.flatMap((service) => {
    const used = portsInUse(service, surface);
    const pods = surface.podsOf(service).filter((pod) => envoyPods.workloads.includes(pod));
    return servicePorts(service).flatMap((port): Fault[] => {
      const target = targetOf(port, envoyPods);
      if (target === undefined || !used.includes(port.port)) return [];
      if ([...envoyListenerPorts(surface), ...envoyPods.admin].includes(target)) return [];
      const others = pods.flatMap((pod) => othersAt(target, pod, surface));
      if (others.length === 0) return [];
      const isPage = others.includes('page');
      return [
        {
          resource: service,
          path: `spec.ports[${port.index}].targetPort`,
          severity: isPage ? 'error' : 'warning',
          message: `port ${port.port} of Service ${service.name} leads to port ${target} of the pods of Envoy, which listens on ${listens}: requests go past it${isPage ? ', to the page alone' : ', unless the container there sends them on'}`,
          fix: `write \`targetPort: ${listens}\``,
        },
      ];
    });
  });
}

/** The containers beside Envoy that have a port. */
function othersAt(target: number, pod: Resource, { uis }: Surface): ('page' | 'other')[] {
  return allContainersOf(pod)
    .filter((container) => !runsEnvoy(container))
    .filter((container) => containerPortsOf([container]).some(({ number }) => number === target))
    .map((container) =>
      uis.some(({ resource, key }) => pathsOfKey(resource, key, container, pod).length > 0)
        ? 'page'
        : 'other',
    );
}
