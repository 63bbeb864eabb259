import {
  CLUSTERS_NAMESPACE as CLUSTERS,
  connectionOf,
  connectionPath,
  CLUSTER_SECRETS_NAMESPACE as SECRETS,
} from '../manifests/cluster.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A compute cluster where the controller manager does not look',
  why: 'It reads Clusters in namespace `ma-system` alone, and the Secrets that they name in `default`: a namespace that kustomize sets moves them away, no job is sent to the cluster, and nothing says so.',
  fix: 'keep Clusters in ma-system and their Secrets in default: in a kustomization of their own, without `namespace`',
  find: (surface) =>
    surface.manifests
      .ofKind('Cluster')
      .flatMap((cluster) => [
        ...inNamespace(cluster),
        ...secretsOf(cluster, surface),
        ...hostOf(cluster),
      ]),
};

function inNamespace(resource: Resource): Fault[] {
  const { name, namespace } = resource;
  // Where the stream leaves it open, whoever applies it decides.
  if (namespace === '' || namespace === CLUSTERS) return [];
  return [
    {
      resource,
      path: 'metadata.namespace',
      message: `Cluster ${name} is in namespace ${namespace}, and Clusters are read in ${CLUSTERS} alone`,
    },
  ];
}

function secretsOf(cluster: Resource, { manifests }: Surface): Fault[] {
  const { tokenTag, caDataTag } = connectionOf(cluster);
  return [tokenTag, caDataTag].filter(Boolean).flatMap((name) => {
    const found = manifests.namesakes('Secret', name);
    const isThere = found.some(({ namespace }) => ['', SECRETS].includes(namespace));
    const [resource] = found;
    if (!resource || isThere) return [];
    return [
      {
        resource,
        path: 'metadata.namespace',
        message: `Secret ${name} is in namespace ${resource.namespace}, and the Secrets of Clusters are read in ${SECRETS} alone`,
      },
    ];
  });
}

/** Host and port are joined as they are. */
function hostOf(resource: Resource): Fault[] {
  const { host } = connectionOf(resource);
  if (host === '' || /^https:\/\//.test(host)) return [];
  return [
    {
      resource,
      path: connectionPath('host'),
      severity: 'warning',
      message: `the host of Cluster ${resource.name} has no https://, and the port is put behind it as it is`,
      fix: `write https://${host.replace(/^\w+:\/\//, '')}`,
    },
  ];
}
