/**
 * DNS names that external-dns makes for an entry that does not serve them.
 *
 * Source: external-dns, "Annotations": `hostname` adds names to those of the rules; with `ingress-hostname-source: annotation-only` it stands in
 * their place.
 */
import type { Resource } from '../manifests/resource.ts';
import { isPublicHost } from '../net/host-names.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelledName } from '../surface/near-names.ts';
import { EXTERNAL_DNS, HOST_ANNOTATIONS } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { recordFaults } from './shared/dns-records.ts';
import { isServed, servedHosts } from './shared/served-hosts.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A DNS name that no entry serves, or that leads nowhere',
  why: 'Of the annotation, or of a DNSEndpoint, external-dns makes a name: it leads to the controller, which knows no such host and answers 404, and the host that was meant may have no name.',
  fix: 'write the host of the entry',
  find: (surface) => [
    ...surface.entries
      .filter(({ roles }) => roles.size > 0)
      .flatMap((entry) =>
        named(entry.resource).flatMap(({ key, host }) => onEntry(entry, key, host, surface)),
      ),
    ...surface.services.flatMap((service) =>
      named(service).flatMap(({ key, host }) => onService(service, key, host, surface)),
    ),
    ...recordFaults(surface),
  ],
};

function named(resource: Resource): { key: string; host: string }[] {
  return HOST_ANNOTATIONS.flatMap((key) =>
    (resource.annotation(key) ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase().replace(/\.$/, ''))
      .filter(isPublicHost)
      .map((host) => ({ key, host })),
  );
}

function onEntry({ resource, hosts }: Entry, key: string, host: string, surface: Surface): Fault[] {
  if (hosts.length === 0 || isServed(host, surface)) return [];
  const isAlone = EXTERNAL_DNS.some((prefix) =>
    ['ingress-hostname-source', 'gateway-hostname-source'].some(
      (name) => resource.annotation(`${prefix}/${name}`) === 'annotation-only',
    ),
  );
  const near = hosts.find((own) => isMisspelledName(own, host));
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      // The names of its rules are made as well, and another stream may serve this one.
      severity: isAlone && near ? undefined : 'warning',
      message: `external-dns makes ${host}, which nothing here serves: ${resource.kind} ${resource.name} has ${hosts.join(', ')}`,
      fix: near ? `write \`${near}\`` : 'write a host of the entry, or add the host to it',
    },
  ];
}

/** A Service may lead to anything: only what is a slip of a host of ours certainly is wrong. */
function onService(service: Resource, key: string, host: string, surface: Surface): Fault[] {
  if (isServed(host, surface)) return [];
  const near = [...servedHosts(surface)].find((own) => isMisspelledName(own, host));
  if (near === undefined) return [];
  return [
    {
      resource: service,
      path: `metadata.annotations[${key}]`,
      severity: 'warning',
      message: `external-dns makes ${host} for Service ${service.name}, which nothing here serves; ${near} is served`,
      fix: `write \`${near}\``,
    },
  ];
}
