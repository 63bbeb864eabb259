/**
 * Records that external-dns makes from a DNSEndpoint, or with the target of an annotation.
 *
 * Sources: external-dns, "CRD source" (`recordType`, `targets`), "Annotations" (`target`); RFC 1035, 3.3.1 (a CNAME leads to a name) and
 * 3.4.1 (an A record to an address).
 */

import type { Resource } from '../../manifests/resource.ts';
import { isIp } from '../../net/addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { EXTERNAL_DNS } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list, strings } from '../../yaml/json.ts';
import { isServed, ownHosts, twinOf } from './served-hosts.ts';

const nameOf = (text: string) => text.trim().toLowerCase().replace(/\.$/, '');

/** Faults of every DNSEndpoint, and of targets in annotations. */
export function recordFaults(surface: Surface): Fault[] {
  const endpoints = surface.manifests.ofKind('DNSEndpoint');
  const named = new Set(
    endpoints.flatMap(({ json }) =>
      list(getIn(json, ['spec', 'endpoints'])).map(({ dnsName }) => nameOf(asText(dnsName))),
    ),
  );
  return [
    ...endpoints.flatMap((endpoint) =>
      list(getIn(endpoint.json, ['spec', 'endpoints'])).flatMap((record, index) => [
        ...ofRecord(endpoint, record, `spec.endpoints[${index}]`),
        ...strangeName(endpoint, nameOf(asText(record['dnsName'])), index, named, surface),
      ]),
    ),
    ...surface.entries.flatMap(({ resource, hosts }) => ofAnnotation(resource, hosts)),
  ];
}

function ofRecord(resource: Resource, record: Record<string, unknown>, path: string): Fault[] {
  const { dnsName, recordType, targets } = record as Record<string, never>;
  const type = asText(recordType ?? '').toUpperCase();
  // Of a provider that has such records.
  const isAlias = record['providerSpecific'] !== undefined;
  return strings(targets).flatMap((target, index): Fault[] => {
    const place = { resource, path: `${path}.targets[${index}]` };
    const isAddress = isIp(target);
    if (type === 'CNAME' && isAddress)
      return [
        {
          ...place,
          message: `a CNAME leads to a name, and ${target} is an address: no record is made for ${asText(dnsName)}`,
          fix: target.includes(':') ? 'write `recordType: AAAA`' : 'write `recordType: A`',
        },
      ];
    if (/^(?:A|AAAA)$/.test(type) && !isAddress && !isAlias)
      return [
        {
          ...place,
          message: `a record of type ${type} leads to an address, and ${target} is none: no record is made for ${asText(dnsName)}`,
          fix: 'write `recordType: CNAME`, or the address',
        },
      ];
    if (type !== 'CNAME' || nameOf(target) !== nameOf(asText(dnsName))) return [];
    return [
      {
        ...place,
        message: `${target} leads to itself`,
        fix: 'write the name of the load balancer',
      },
    ];
  });
}

/** A name that is almost a host of ours, which no record is for. */
function strangeName(
  resource: Resource,
  host: string,
  index: number,
  named: ReadonlySet<string>,
  surface: Surface,
): Fault[] {
  const isAboutUs = ownHosts(surface).some((own) => named.has(own));
  const meant = twinOf(host, surface);
  if (!isAboutUs || meant === undefined || named.has(meant) || isServed(host, surface)) return [];
  return [
    {
      resource,
      path: `spec.endpoints[${index}].dnsName`,
      severity: 'warning',
      message: `the record is for ${host}, which nothing here serves, and none is for ${meant}, which is served`,
      fix: `write \`${meant}\``,
    },
  ];
}

function ofAnnotation(resource: Resource, hosts: readonly string[]): Fault[] {
  return EXTERNAL_DNS.flatMap((prefix) => {
    const key = `${prefix}/target`;
    const targets = (resource.annotation(key) ?? '').split(',').map(nameOf).filter(Boolean);
    const own = targets.find((target) => hosts.some((host) => nameOf(host) === target));
    if (own === undefined) return [];
    return [
      {
        resource,
        path: `metadata.annotations[${key}]`,
        message: `external-dns is to lead ${own} to ${own}, which is itself`,
        fix: 'write the name or the address of the load balancer, or take the annotation away',
      },
    ];
  });
}
