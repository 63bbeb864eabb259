/**
 * Pods that do not ask the DNS of the cluster for names of Services.
 *
 * Source: Kubernetes, "Pod's DNS Policy": `Default` is the resolver of the node, and so is `ClusterFirst` in the network of the node.
 */
import type { Resource } from '../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { needsOf } from '../surface/needs.ts';
import { asText } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A pod that cannot resolve names of Services',
  why: "The resolver of the node knows no names of Services: every connection to one ends before it begins. A pod in the node's network asks it unless it says otherwise.",
  fix: 'write `dnsPolicy: ClusterFirst`, and `ClusterFirstWithHostNet` with `hostNetwork: true`',
  find: (surface) =>
    surface.workloads.flatMap((workload): Fault[] => {
      const asks = asksNode(workload);
      if (asks === undefined) return [];
      const names = needsOf(surface).flatMap(({ source, target, targetName }) =>
        source === workload && target ? [targetName] : [],
      );
      const [first] = names;
      if (first === undefined) return [];
      return [
        {
          resource: workload,
          path: toPath([...podTemplatePath(workload), 'spec', asks]),
          message: `${asks === 'dnsPolicy' ? 'dnsPolicy is Default' : 'hostNetwork is true, and dnsPolicy is not ClusterFirstWithHostNet'}: the pods ask the resolver of their node, and reach ${first} by the name of its Service`,
          fix:
            asks === 'dnsPolicy'
              ? 'write `dnsPolicy: ClusterFirst`, or leave it out'
              : 'write `dnsPolicy: ClusterFirstWithHostNet`',
        },
      ];
    }),
};

/** The field that says so. */
function asksNode(workload: Resource): 'dnsPolicy' | 'hostNetwork' | undefined {
  const { dnsPolicy, dnsConfig, hostNetwork } = podSpecOf(workload);
  if (dnsConfig !== undefined) return undefined;
  const policy = asText(dnsPolicy ?? 'ClusterFirst');
  if (policy === 'Default') return 'dnsPolicy';
  return hostNetwork === true && policy === 'ClusterFirst' ? 'hostNetwork' : undefined;
}
