/** Whether environments that are checked together take something from each other: a host, or a namespace and an issuer. */
import { sameObject } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { isTemplated } from '../net/addresses.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { issuerReferences } from '../surface/issuers.ts';
import { once } from '../surface/once.ts';
import { foreignOwner, type OtherOverlay, sharesCluster } from '../surface/other-overlay.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { sharedObjects, sharedQueues } from './shared/shared-objects.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title:
    'Two environments with one host, one object or one queue, or with one namespace and one issuer',
  why: 'Workers take tasks of whoever puts them into their queue. Requests for a host reach one of the two. In one namespace of one cluster, what is applied last overwrites what has the same name.',
  fix: 'give the one that was copied hosts and a namespace of its own',
  find: (surface) => {
    if (surface.settings?.role === 'compute') return [];
    const faults = surface.others
      .filter(({ role }) => role !== 'compute')
      .flatMap((other) => {
        const hosts = sharedHosts(surface, other);
        const found = hosts.length > 0 ? hosts : sharedNamespace(surface, other);
        const queues = found.length > 0 ? [] : sharedQueues(surface, other);
        return [...found, ...sharedObjects(surface, other), ...queues];
      });
    return briefly(faults);
  },
};

/** What is so with more than three others is said once. */
function briefly(faults: readonly Fault[]): Fault[] {
  const placed = groupedBy(faults, ({ resource, path }) => [
    JSON.stringify([resource && 'reference' in resource ? resource.reference : resource, path]),
  ]);
  return [...placed.values()].flatMap(([first, ...more]) => {
    if (!first || more.length < 3) return first ? [first, ...more] : [];
    return [{ ...first, message: `${first.message}; so it is with ${more.length} more inputs` }];
  });
}

interface Served {
  key: string;
  host: string;
  resource: Resource;
  place: string;
}

/** What entries lead to programs of ours, by program and host. */
const served = once(({ entries }) => {
  const all = entries.flatMap(({ resource, paths }) =>
    paths.flatMap(({ role, host, place }): Served[] => {
      const isName = host !== '' && !isTemplated(host) && !/(?:^|\.)localhost$/.test(host);
      if (role === undefined || !isName) return [];
      return [{ key: `${role} ${host.toLowerCase()}`, host, resource, place }];
    }),
  );
  return groupedBy(all, ({ key }) => [key]);
});

function sharedHosts(surface: Surface, other: OtherOverlay): Fault[] {
  const told = new Set<string>();
  return [...served(surface).values()].flat().flatMap(({ key, host, resource, place }): Fault[] => {
    const theirs = served(other.surface).get(key) ?? [];
    // The same object in both is one environment in two states.
    const isOne = theirs.some((one) => sameObject(one.resource.reference, resource.reference));
    const [first] = theirs;
    // One that the config does not have is a host of the other alone, which is told as that.
    if (!first || isOne || told.has(host) || foreignOwner(surface, host)) return [];
    told.add(host);
    const { kind, namespace, name } = first.resource;
    const message = `${host} is a host of ${other.name} as well, at ${kind} ${namespace ? `${namespace}/` : ''}${name}`;
    return [{ resource, path: place, message }];
  });
}

const hostsOf = once(
  (surface) => new Set([...served(surface).values()].flat().map(({ host }) => host)),
);
const issuersOf = once(
  (surface) => new Set(issuerReferences(surface).map(({ kind, name }) => `${kind} ${name}`)),
);
const workloadsOf = once(({ workloads }) =>
  groupedBy(
    workloads.filter(({ namespace }) => namespace !== ''),
    ({ kind, namespace, name }) => [`${kind} ${namespace}/${name}`],
  ),
);

/**
 * With other hosts they are two environments; that both ask one issuer tells that they may be in one cluster, unless both say where they
 * are.
 */
function sharedNamespace(surface: Surface, other: OtherOverlay): Fault[] {
  const isOneCluster = sharesCluster(surface, other);
  const issuer = [...issuersOf(surface)].find((one) => issuersOf(other.surface).has(one));
  if (isOneCluster === false || (issuer === undefined && !isOneCluster)) return [];
  const [own, theirs] = [hostsOf(surface), hostsOf(other.surface)];
  const areTwo = own.size > 0 && theirs.size > 0 && ![...own].some((host) => theirs.has(host));
  const shared = [...workloadsOf(surface)].filter(([id]) => workloadsOf(other.surface).has(id));
  const resource = shared[0]?.[1][0];
  if (!areTwo || !resource) return [];
  const more = shared.length > 1 ? ` and ${shared.length - 1} more` : '';
  return [
    {
      resource,
      path: 'metadata.namespace',
      severity: isOneCluster ? 'error' : 'warning',
      message: `${other.name}, which has other hosts, has ${resource.kind} ${resource.name}${more} in namespace ${resource.namespace} ${isOneCluster ? `of cluster ${surface.cluster} as well` : `as well, and asks ${issuer} too: that is right only where each has a cluster of its own`}`,
      fix: isOneCluster
        ? 'give one of them another namespace'
        : 'give one of them another namespace, or accept this with a reason',
    },
  ];
}
