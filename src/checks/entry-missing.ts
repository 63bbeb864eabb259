import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { typeOfService } from '../manifests/service.ts';
import { misplacedHosts } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { SERVICE_ROLES } from '../surface/roles.ts';
import type { Surface } from '../surface/surface.ts';
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
  return [{ resource: service, message: `no Ingress and no route leads to ${service.name}` }];
}
