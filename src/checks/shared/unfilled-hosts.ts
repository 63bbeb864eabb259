/** Hosts with a variable that Kubernetes does not fill in. */
import { dnsNamesOf } from '../../manifests/certificate.ts';
import type { Resource } from '../../manifests/resource.ts';
import { ROUTE_KINDS } from '../../manifests/route.ts';
import { VARIABLE } from '../../net/variables.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { writtenHosts } from './entry-hosts.ts';

/** One fault for each host; a warning where every host of the stream has one, as in manifests that a later step fills in. */
export function unfilledHosts({ manifests }: Surface): Fault[] {
  const hosts = manifests
    .ofKind('Ingress', ...ROUTE_KINDS, 'Gateway', 'Certificate')
    .flatMap((resource) => hostsOf(resource).map((one) => ({ resource, ...one })));
  const unfilled = hosts.filter(({ host }) => VARIABLE.test(host));
  // Where every host has one, something may fill them in on the way to the cluster.
  const isEach = unfilled.length === hosts.length;
  return unfilled.map(({ resource, path, host }) => ({
    resource,
    path,
    severity: isEach ? 'warning' : undefined,
    message: `\`${VARIABLE.exec(host)?.[0]}\` stands in the host ${host}${isEach ? ': it is right only where something fills it in before the apply' : ', which Kubernetes does not fill in'}`,
    fix: isEach
      ? 'run what fills it in before the check, or write the host'
      : 'write the host: the API server refuses this one',
  }));
}

function hostsOf(resource: Resource): { host: string; path: string }[] {
  return resource.kind === 'Certificate'
    ? dnsNamesOf(resource).map((host, index) => ({ host, path: `spec.dnsNames[${index}]` }))
    : writtenHosts(resource);
}
