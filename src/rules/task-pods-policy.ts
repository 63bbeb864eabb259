/**
 * `networkPolicies` → what task pods of a compute cluster may reach: names, the Kubernetes API of their cluster, the API of the control
 * plane, the object store, what else is listed, and each other. Who may reach them is left open: KubeRay submits jobs to the head.
 */

import type { ComputeCluster } from '../config/compute-clusters.ts';
import type { EgressRule } from '../config/generated/domain-config.ts';
import { PORTS_OF_WORDS } from '../config/network-words.ts';
import type { Settings } from '../config/settings.ts';
import { readAddress } from '../net/addresses.ts';
import { storesOf } from '../surface/stores.ts';
import type { Surface } from '../surface/surface.ts';
import { DNS_PEERS, peersFor, RuleList } from './network-policies/rule-list.ts';
import { NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

const FIELD = 'spec.networkPolicies';
const NAME = 'michelangelo-task-pods';

export const taskPodsPolicy: Rule = ({ settings, surface }) => {
  const cluster = settings.computeCluster;
  if (!cluster || !settings.config.spec.networkPolicies) return NOTHING;
  const { podSelector } = cluster;
  const [served] = surface.taskPods;
  // Head and workers of Ray call each other on ports that Ray chooses.
  const egress = [{ to: [{ podSelector }] }, ...targetsOf(cluster, settings, surface).toJson()];
  const additions = cluster.namespaces.map((namespace) => ({
    json: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { ...(served ? metadataFrom(served, NAME) : { name: NAME }), namespace },
      spec: { podSelector, policyTypes: ['Egress'], egress },
    },
    field: FIELD,
  }));
  return { edits: [], problems: [], additions };
};

function targetsOf(cluster: ComputeCluster, settings: Settings, surface: Surface): RuleList {
  const entries = settings.config.spec.networkPolicies?.egress ?? [];
  const apiPorts = [...new Set([...PORTS_OF_WORDS['kubernetes-api'], cluster.port])];
  const rules = new RuleList('to');
  rules.add(DNS_PEERS, PORTS_OF_WORDS.dns, ['UDP', 'TCP']);
  // Where its addresses inside of the cluster are others, an entry says them.
  if (!entries.some(({ to }) => to === 'kubernetes-api'))
    rules.add(peersFor({ cidrs: cluster.cidrs }), apiPorts);
  const usual: Readonly<Record<string, readonly number[]>> = {
    dns: PORTS_OF_WORDS.dns,
    'kubernetes-api': apiPorts,
    'public-api': [settings.port],
    'object-store': storePorts(settings, surface),
  };
  const portsOf = ({ to, ports }: EgressRule) => ports ?? usual[to] ?? [];
  for (const entry of entries)
    rules.add(peersFor(entry), portsOf(entry), entry.to === 'dns' ? ['UDP', 'TCP'] : ['TCP']);
  return rules;
}

/** Those of the store that task pods are told. */
function storePorts({ config }: Settings, surface: Surface): number[] {
  const ports = storesOf(surface).map(({ port }) => port);
  const given = readAddress(config.spec.objectStore?.endpoint ?? '');
  const usual = given?.port ?? (given?.scheme === 'http' ? 80 : 443);
  return ports.length > 0 ? ports : [usual];
}
