/** Ports of nodes that two pods ask for. Source: Kubernetes, `ContainerPort.hostPort`: a node gives each address, port and protocol once. */

import { placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { podSpecOf } from '../manifests/workload.ts';
import { groupedBy } from '../maps.ts';
import { isUnspecified } from '../net/addresses.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, list } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'One port of the nodes for two programs',
  why: 'A node gives a `hostPort` to one pod: the other one is never started where the first one runs, and waits where every node has one.',
  fix: 'give each a port of its own, or lead to them through a Service',
  find: (surface) => {
    const all = hostPorts(surface);
    return [...groupedBy(all, ({ key }) => [key]).values()].flatMap((same) =>
      same.flatMap((one, index): Fault[] => {
        const other = same
          .slice(0, index)
          .find((each) => each.workload !== one.workload && overlap(each, one));
        return other ? [faultOf(one, other)] : [];
      }),
    );
  },
};

interface HostPort {
  workload: Resource;
  path: string;
  /** `80/TCP`. */
  key: string;
  /** Empty for every address of the node. */
  address: string;
}

function hostPorts({ workloads }: Surface): HostPort[] {
  return workloads.flatMap((workload) => {
    const isOfHost = podSpecOf(workload)['hostNetwork'] === true;
    return placedContainers(workload).flatMap(({ json, path }) =>
      list(json['ports']).flatMap((port, index): HostPort[] => {
        const number = port['hostPort'] ?? (isOfHost ? port['containerPort'] : undefined);
        if (typeof number !== 'number' || number === 0) return [];
        const place = toPath([...path, 'ports', index]);
        const given = asText(port['hostIP'] ?? '');
        const address = isUnspecified(given) ? '' : given;
        const key = `${number}/${asText(port['protocol'] ?? 'TCP')}`;
        return [{ workload, path: place, key, address }];
      }),
    );
  });
}

function overlap(one: HostPort, other: HostPort): boolean {
  return one.address === other.address || one.address === '' || other.address === '';
}

function faultOf({ workload, path, key }: HostPort, { workload: other }: HostPort): Fault {
  const named = ({ kind, name, namespace }: Resource) =>
    `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  // Pods that every node has meet for certain; others where the scheduler has no other node.
  const isEverywhere = [workload, other].every(
    (one) =>
      one.kind === 'DaemonSet' && !['nodeSelector', 'affinity'].some((key) => podSpecOf(one)[key]),
  );
  return {
    resource: workload,
    path,
    severity: isEverywhere ? undefined : 'warning',
    message: `port ${key} of the node is that of ${named(other)} as well${isEverywhere ? ', and both are to run on every node' : ': they never run on one node, and one waits where there are too few'}`,
  };
}
