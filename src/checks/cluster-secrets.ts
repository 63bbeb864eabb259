import {
  CLUSTER_SECRETS_NAMESPACE,
  CLUSTERS_NAMESPACE,
  connectionOf,
  connectionPath,
} from '../manifests/cluster.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAccountOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { type Grants, grantsTo, isGranted } from '../surface/grants.ts';
import { providersOf } from '../surface/providers.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

/** What a Cluster says of its Secrets, and the key that upstream's code reads from each. */
const TAGS = [
  { tag: 'tokenTag', key: 'token' },
  { tag: 'caDataTag', key: 'cadata' },
] as const;

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'Secrets of a compute cluster that the controller manager cannot read',
  why: 'It reads a token and a CA for each Cluster from the Secrets that `tokenTag` and `caDataTag` name, in namespace `default`, with the rights of its ServiceAccount: without them it sends no job there.',
  fix: 'list the cluster in `spec.computeClusters`, which gives the right to read its Secrets, or bind a Role of namespace `default` with `get` on them to the ServiceAccount',
  find: (surface) => {
    const readers = surface.mounting(surface.controllerManagers).map(
      (workload): Reader => ({
        workload,
        grants: grantsTo(workload, CLUSTER_SECRETS_NAMESPACE, surface.manifests),
      }),
    );
    return surface.manifests
      .ofKind('Cluster')
      .filter(({ namespace }) => sameNamespace(namespace, CLUSTERS_NAMESPACE))
      .flatMap((cluster) => [
        ...unnamed(cluster),
        ...withoutKey(cluster, surface),
        ...denied(cluster, readers),
      ]);
  },
};

/** Pods of a controller manager, and what they may do where the Secrets are. */
interface Reader {
  workload: Resource;
  grants: Grants;
}

function unnamed(cluster: Resource): Fault[] {
  const connection = connectionOf(cluster);
  return TAGS.filter(({ tag }) => connection[tag] === '').map(({ tag }) => ({
    resource: cluster,
    path: connectionPath(tag),
    message: `Cluster ${cluster.name} names no Secret as ${tag}`,
    fix: `write the name of a Secret in namespace ${CLUSTER_SECRETS_NAMESPACE}`,
  }));
}

/** Secrets that are made elsewhere cannot be seen. */
function withoutKey(cluster: Resource, surface: Surface): Fault[] {
  const connection = connectionOf(cluster);
  return TAGS.flatMap(({ tag, key }) => {
    const found = providersOf('Secret', surface).find(
      ({ by, name, namespace = '' }) =>
        by.kind === 'Secret' &&
        name === connection[tag] &&
        sameNamespace(namespace, CLUSTER_SECRETS_NAMESPACE),
    );
    if (found?.keys === undefined || found.keys.includes(key)) return [];
    const { by: secret } = found;
    return [
      {
        resource: secret,
        path: 'data',
        message: `Secret ${secret.name} has no key \`${key}\`, which is read from the ${tag} of Cluster ${cluster.name}`,
        fix: `give it the key \`${key}\``,
      },
    ];
  });
}

/** Rights that nothing in the stream is about are kept elsewhere. */
function denied(cluster: Resource, readers: readonly Reader[]): Fault[] {
  const connection = connectionOf(cluster);
  const names = TAGS.map(({ tag }) => connection[tag]).filter(Boolean);
  return readers.flatMap(({ workload, grants }) => {
    if (!grants.isBound || grants.isOpen) return [];
    const unread = names.filter(
      (name) => !isGranted(grants, { group: '', resource: 'secrets', verb: 'get', name }),
    );
    if (unread.length === 0) return [];
    const account = [workload.namespace, serviceAccountOf(workload)].filter(Boolean).join('/');
    return [
      {
        resource: cluster,
        path: 'spec.kubernetes.rest',
        message: `nothing lets ServiceAccount ${account} of ${workload.kind} ${workload.name} get ${unread.join(' and ')} in namespace ${CLUSTER_SECRETS_NAMESPACE}`,
      },
    ];
  });
}
