/** What two environments of one cluster, or of one workflow engine, write or take for each other. */
import { sameObject } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { groupedBy } from '../../maps.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import { enginesOf } from '../../surface/engines.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { once } from '../../surface/once.ts';
import { type OtherOverlay, sharesCluster } from '../../surface/other-overlay.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { pollersOf } from '../../surface/task-lists.ts';
import { asText, equalJson, type JsonObject } from '../../yaml/json.ts';

const namespacedOf = once(({ manifests }) =>
  groupedBy(
    manifests.all.filter(({ namespace }) => namespace !== ''),
    ({ kind, namespace, name }) => [`${kind} ${namespace}/${name}`],
  ),
);

/** Namespaces in which pods of a stream run. */
const homesOf = once(
  ({ workloads }) => new Set(workloads.map(({ namespace }) => namespace).filter(Boolean)),
);

/** Objects with one name and different content, in a namespace that is the home of neither: `default`, `ma-system`. */
export function sharedObjects(surface: Surface, other: OtherOverlay): Fault[] {
  const isOneCluster = sharesCluster(surface, other);
  const [own, theirs] = [homesOf(surface), homesOf(other.surface)];
  const areBeside = own.size > 0 && theirs.size > 0 && ![...own].some((home) => theirs.has(home));
  if (isOneCluster === false || !areBeside) return [];
  return [...namespacedOf(surface)].flatMap(([id, [resource]]): Fault[] => {
    const twin = namespacedOf(other.surface)
      .get(id)
      ?.find((one) => resource && sameObject(one.reference, resource.reference));
    if (!resource || !twin || own.has(resource.namespace) || theirs.has(resource.namespace))
      return [];
    if (equalJson(withoutMetadata(resource), withoutMetadata(twin))) return [];
    return [
      {
        resource,
        path: 'metadata.name',
        severity: isOneCluster ? undefined : 'warning',
        message: `${other.name} has ${resource.kind} ${resource.name} in namespace ${resource.namespace} as well, with other content${isOneCluster ? '' : ': that is right only where each has a cluster of its own'}`,
        fix: 'give each environment a name of its own there',
      },
    ];
  });
}

function withoutMetadata({ json: { metadata: _, ...rest } }: Resource): JsonObject {
  return rest;
}

/** Queues that workers of both poll: each takes what the other started. */
export function sharedQueues(surface: Surface, other: OtherOverlay): Fault[] {
  const theirs = new Set(queuesOf(other.surface).map(({ queue }) => queue));
  const isOneCluster = sharesCluster(surface, other) === true;
  const [own, hosts] = [surface, other.surface].map(
    ({ entries }) =>
      new Set(entries.filter(({ roles }) => roles.size > 0).flatMap((entry) => entry.hosts)),
  ) as [Set<string>, Set<string>];
  const areTwo = own.size > 0 && hosts.size > 0 && ![...own].some((host) => hosts.has(host));
  const [first] = queuesOf(surface).filter(
    ({ queue, isInside }) => theirs.has(queue) && (!isInside || isOneCluster),
  );
  if (!areTwo || !first) return [];
  const { target, path, engine, domain, list } = first;
  return [
    inDocument(target, path, {
      severity: 'warning',
      message: `the workers of ${other.name} poll ${list} of ${domain} at ${engine} as well: each takes what the other started`,
      fix: 'give each environment a domain of its own, and register it at the engine',
    }),
  ];
}

const queuesOf = once((surface) =>
  enginesOf(surface.workers).flatMap(({ target, host, section }) =>
    section !== 'workflow-engine' || host === undefined
      ? []
      : pollersOf(jsonOf(target)).map(({ domain, taskList }, index) => ({
          target,
          path: [section, 'workers', index, 'domain'],
          engine: host,
          domain: asText(domain),
          list: asText(taskList),
          queue: `${host} ${asText(domain)} ${asText(taskList)}`,
          isInside: isInCluster(host, surface),
        })),
  ),
);

/** A name that means another program in each cluster. */
function isInCluster(host: string, surface: Surface): boolean {
  const name = host.replace(/:\d+$/, '');
  const parsed = parseServiceAddress(name);
  const isService = surface.services.some((one) => one.names.includes(parsed?.name ?? ''));
  return (
    !name.includes('.') || isService || /\.svc(?:\.|$)/.test(name) || name.split('.').length === 2
  );
}
