import { addressOfCluster, connectionPath } from '../manifests/cluster.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A Cluster that is not what `computeClusters` says',
  why: 'Network policies, the compute side of an environment and what `verify` tries follow from `spec.computeClusters`; jobs go where the Cluster leads. Where the two differ, jobs go to a place that nothing else knows.',
  fix: 'write the cluster in `spec.computeClusters` alone: the function makes the Cluster',
  find: (surface) => {
    const listed = listedIn(surface);
    if (listed.length === 0) return [];
    const clusters = surface.manifests.ofKind('Cluster');
    return [
      ...clusters.flatMap((cluster) => {
        const own = listed.find(({ name }) => name === cluster.name);
        return own ? elsewhere(cluster, own) : [notListed(cluster)];
      }),
      // One in another namespace has a finding of its own.
      ...listed
        .filter(({ name }) => !clusters.some((cluster) => cluster.name === name))
        .map(({ name, field }) => ({
          message: `\`${field}\` is cluster ${name}, and no Cluster of this name is here`,
          fix: 'let the function run in the outermost kustomization, and nothing after it take the Cluster away',
        })),
    ];
  },
};

interface Listed {
  name: string;
  address: string;
  field: string;
}

function listedIn({ settings }: Surface): Listed[] {
  if (settings?.role !== 'control-plane') return [];
  return settings.computeClusters.map(({ name, host, port, field }) => ({
    name,
    address: `https://${host}:${port}`,
    field,
  }));
}

function elsewhere(cluster: Resource, { address, field }: Listed): Fault[] {
  const written = addressOfCluster(cluster);
  if (written === address) return [];
  return [
    {
      resource: cluster,
      path: connectionPath('host'),
      message: `Cluster ${cluster.name} leads to ${written}, and \`${field}.server\` to ${address}`,
    },
  ];
}

function notListed(cluster: Resource): Fault {
  return {
    resource: cluster,
    severity: 'warning',
    message: `Cluster ${cluster.name} is not in \`spec.computeClusters\``,
    fix: 'add it there, or take the Cluster out where no job may go there',
  };
}
