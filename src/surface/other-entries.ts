/**
 * Entries of kinds that no rule writes: the routes that controllers and meshes have of their own, and a Service that is reached from outside
 * by itself. Only what they lead to and the hosts that they name are read.
 *
 * Sources: the reference pages of Traefik, Istio, Contour, NGINX's and Kong's controllers, OpenShift, Emissary and APISIX; external-dns,
 * "Annotations".
 */

import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts, typeOfService } from '../manifests/service.ts';
import { remembered } from '../maps.ts';
import { isPublicHost } from '../net/host-names.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { once } from './once.ts';
import { SERVICE_ROLES } from './roles.ts';
import type { Surface } from './surface.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  IngressRoute: ['traefik.io', 'traefik.containo.us'],
  IngressRouteTCP: ['traefik.io', 'traefik.containo.us'],
  VirtualService: ['networking.istio.io', 'gateway.solo.io'],
  HTTPProxy: ['projectcontour.io'],
  VirtualServer: ['k8s.nginx.org'],
  TCPIngress: ['configuration.konghq.com'],
  Route: ['route.openshift.io'],
  Mapping: ['getambassador.io'],
  ApisixRoute: ['apisix.apache.org'],
};

/** A resource that leads to a part, and the public hosts that it names for it. */
export interface OtherEntry {
  resource: Resource;
  role: PublicRole;
  /** In lower case, without wildcards. */
  hosts: readonly string[];
}

/** Of external-dns, from version 0.22 on and before. Source: its release notes, "annotation prefix". */
export const EXTERNAL_DNS = ['external-dns.kubernetes.io', 'external-dns.alpha.kubernetes.io'];

/** Comma lists of hosts. */
export const HOST_ANNOTATIONS = EXTERNAL_DNS.flatMap((prefix) => [
  `${prefix}/hostname`,
  `${prefix}/internal-hostname`,
]);

/** How a message calls the first of them, which the version in the cluster decides. */
export const HOST_ANNOTATION = `${EXTERNAL_DNS[0]}/hostname (${EXTERNAL_DNS[1]}/hostname before external-dns 0.22)`;

/** Every entry of another kind that leads to one of ours; a part's Service where nothing leads to it. */
export const otherEntries = once((surface): OtherEntry[] => {
  const routes = otherRoutes(surface);
  const open = PUBLIC_ROLES.filter(
    (role) =>
      surface.ingressesOf(role).length + surface.routesOf(role).length === 0 &&
      routes.every((route) => route.role !== role),
  ).flatMap((role) => openServices(role, surface));
  return [...routes, ...open];
});

function openServices(role: PublicRole, surface: Surface): OtherEntry[] {
  const own = surface.servicesOf(SERVICE_ROLES[role]);
  return [...own, ...besideThem(own, surface)].flatMap((resource): OtherEntry[] => {
    const hosts = HOST_ANNOTATIONS.flatMap((key) => hostsIn(resource.annotation(key) ?? ''));
    const isOpen = hosts.length > 0 || typeOfService(resource) === 'LoadBalancer';
    return isOpen ? [{ resource, role, hosts }] : [];
  });
}

/** Load balancers of their own for the same pods, and a port of them that leads where one of theirs does. */
function besideThem(own: readonly Resource[], surface: Surface): Resource[] {
  const targets = own.flatMap((service) =>
    servicePorts(service).map(({ targetPort }) => targetPort),
  );
  const pods = new Set(own.flatMap((service) => surface.podsOf(service)));
  return surface.services.filter(
    (service) =>
      !own.includes(service) &&
      typeOfService(service) === 'LoadBalancer' &&
      servicePorts(service).some(({ targetPort }) => targets.includes(targetPort)) &&
      surface.podsOf(service).some((pod) => pods.has(pod)),
  );
}

function otherRoutes(surface: Surface): OtherEntry[] {
  const services = new Map(
    PUBLIC_ROLES.map((role) => [role, surface.servicesOf(SERVICE_ROLES[role])]),
  );
  const names = [...services.values()].flat().flatMap((service) => service.names);
  if (names.length === 0) return [];
  return surface.manifests
    .find(Object.keys(KINDS), [...new Set(names)])
    .filter((resource) => KINDS[resource.kind]?.includes(groupOf(resource)))
    .flatMap((resource) => {
      const found = read(resource.json['spec'], (text) =>
        PUBLIC_ROLES.filter((role) =>
          services.get(role)?.some((service) => isReference(text, service, resource)),
        ),
      );
      return [...found.byRole].map(([role, hosts]) => ({ resource, role, hosts: [...hosts] }));
    });
}

/** `name`, `name:80`, `name.namespace`, `name.namespace.svc.cluster.local`. */
function isReference(text: string, service: Resource, from: Resource): boolean {
  const parsed = parseServiceAddress(text.replace(/^[a-z]+:\/\//, '').replace(/:\d+$/, ''));
  if (!parsed || !service.names.includes(parsed.name)) return false;
  const namespace = parsed.namespace ?? from.namespace;
  return [namespace, service.namespace].includes('') || namespace === service.namespace;
}

/** What a part of a resource says: what it leads to, and hosts that the smallest part around them with a Service leads somewhere. */
interface Reading {
  roles: Set<PublicRole>;
  /** Hosts that stand beside no Service yet. */
  open: Set<string>;
  byRole: Map<PublicRole, Set<string>>;
}

/** Under these keys stands what an entry leads to. */
const BACKEND = /^(?:destination|services?|upstreams?|backends?|to)$/i;
/** And under these, or in their lists, a host. */
const HOST = /host|fqdn|domain|match/i;

function read(
  value: Json | undefined,
  rolesOf: (text: string) => PublicRole[],
  key = '',
  isBackend = false,
): Reading {
  const reading: Reading = { roles: new Set(), open: new Set(), byRole: new Map() };
  if (typeof value === 'string') {
    for (const role of rolesOf(value)) reading.roles.add(role);
    const hosts = reading.roles.size > 0 || isBackend || !HOST.test(key) ? [] : hostsIn(value);
    for (const host of hosts) reading.open.add(host);
    return reading;
  }
  const inner = Array.isArray(value)
    ? value.map((item) => [key, item] as const)
    : Object.entries(isObject(value) ? value : {});
  const parts = inner.map(([name, item]) =>
    read(item, rolesOf, name, isBackend || BACKEND.test(name)),
  );
  for (const part of parts) {
    for (const role of part.roles) reading.roles.add(role);
    for (const host of part.open) reading.open.add(host);
    for (const [role, hosts] of part.byRole) for (const host of hosts) note(reading, role, host);
  }
  for (const role of reading.roles) {
    // A part that leads somewhere without naming a host is reached at those of the part around it.
    for (const host of reading.open) note(reading, role, host);
    if (!reading.byRole.has(role)) reading.byRole.set(role, new Set());
  }
  if (reading.roles.size > 0 && reading.open.size > 0) {
    reading.open.clear();
    reading.roles.clear();
  }
  return reading;
}

function note({ byRole }: Reading, role: PublicRole, host: string): void {
  remembered(byRole, role, () => new Set()).add(host);
}

/** Hosts with commas between them, or those in the conditions of a Traefik router. */
function hostsIn(text: string): string[] {
  const calls = [...text.matchAll(/\bHost(?:SNI|Header)?\(([^)]*)\)/g)];
  const texts = calls.flatMap(([, list = '']) =>
    [...list.matchAll(/[`"']([^`"']*)[`"']/g)].map(([, host = '']) => host),
  );
  return (calls.length > 0 ? texts : text.split(/\s*,\s*/))
    .map((host) => host.toLowerCase().replace(/\.$/, ''))
    .filter(isPublicHost);
}
