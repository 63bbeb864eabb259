/**
 * Pods for which there is no node, and replicas that are not spread as they are meant to be.
 *
 * Sources: Kubernetes, "Assigning Pods to Nodes" (a required affinity holds from the first pod on, unless the pod itself has the labels),
 * "Pod Topology Spread Constraints", "Pod Priority and Preemption", "Persistent Volumes" (ReadWriteOnce is one node).
 */
import { selectsLabels } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { podMetadataOf, podSpecOf, podTemplatePath, volumesOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelled } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list, stringAt, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { emptySelection } from './shared/near-labels.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'Pods that no node takes, or that are not spread',
  why: 'A rule that no node can keep leaves pods in Pending for ever, a volume of one node those of the others, and a class that is not there lets none be made. A selector that takes no pod of its own spreads nothing: all replicas may be on one node.',
  fix: 'select the labels of the pods, name a class that is there, and give several replicas a volume that several nodes can mount',
  find: (surface) =>
    surface.workloads.flatMap((workload) => [
      ...lonely(workload, surface),
      ...together(workload),
      ...unspread(workload),
      ...priority(workload, surface),
      ...volumes(workload, surface),
    ]),
};

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

function termsOf(workload: Resource, kind: 'podAffinity' | 'podAntiAffinity') {
  const path = ['affinity', kind, REQUIRED];
  return list(getIn(podSpecOf(workload), path)).map((term, index) => ({
    term,
    place: toPath([...podTemplatePath(workload), 'spec', ...path, index]),
  }));
}

/** Pods that have to be beside some that are not there; those of other namespaces may be in other streams. */
function lonely(workload: Resource, surface: Surface): Fault[] {
  return termsOf(workload, 'podAffinity').flatMap(({ term, place }): Fault[] => {
    if (term['namespaceSelector'] !== undefined || strings(term['namespaces']).length > 0)
      return [];
    const candidates = surface.workloads
      .filter((one) => sameNamespace(one.namespace, workload.namespace))
      .map((resource) => ({ resource, labels: podMetadataOf(resource, 'labels') }));
    const fault = emptySelection(term['labelSelector'], candidates);
    return fault
      ? [
          {
            resource: workload,
            path: `${place}.labelSelector`,
            severity: 'error',
            ...fault,
            message: `the pods have to be beside others, and ${fault.message}: they stay in Pending`,
          },
        ]
      : [];
  });
}

/** One node for all, and each on a node of its own. */
function together(workload: Resource): Fault[] {
  const replicas = getIn(workload.json, ['spec', 'replicas']) ?? 1;
  const node = nodeOf(workload);
  const labels = podMetadataOf(workload, 'labels');
  return termsOf(workload, 'podAntiAffinity').flatMap(({ term, place }): Fault[] => {
    const isOwn = selectsLabels(term['labelSelector'], labels);
    if (node === '' || !isOwn || typeof replicas !== 'number' || replicas < 2) return [];
    return [
      {
        resource: workload,
        path: place,
        severity: 'error',
        message: `${replicas} pods have to be on node ${node}, and none beside another one by ${stringAt(term, ['topologyKey'])}: one runs, and the others stay in Pending`,
        fix: 'take the name of the node away, or prefer the spread in place of requiring it',
      },
    ];
  });
}

/** The one node that pods may be on; empty where they may be on several. */
function nodeOf(workload: Resource): string {
  const { nodeSelector, nodeName } = podSpecOf(workload);
  return asText(nodeName ?? getIn(nodeSelector, ['kubernetes.io/hostname']) ?? '');
}

/** Rules about the pods of the workload itself, whose selector does not take them. */
function unspread(workload: Resource): Fault[] {
  const labels = podMetadataOf(workload, 'labels');
  const path = ['topologySpreadConstraints'];
  return list(getIn(podSpecOf(workload), path)).flatMap(({ labelSelector }, index): Fault[] => {
    const place = toPath([...podTemplatePath(workload), 'spec', ...path, index, 'labelSelector']);
    const isAbsent = !isObject(labelSelector);
    if (!isAbsent && selectsLabels(labelSelector, labels)) return [];
    return [
      {
        resource: workload,
        path: place,
        message: isAbsent
          ? 'the constraint has no labelSelector, which takes no pod: nothing is spread'
          : `the constraint counts pods that ${workload.kind} ${workload.name} has none of: its own are not spread`,
        fix: 'select the labels of the pod template',
      },
    ];
  });
}

/** Classes of every cluster. */
const SYSTEM = ['system-cluster-critical', 'system-node-critical'];

function priority(workload: Resource, { manifests }: Surface): Fault[] {
  const name = stringAt(podSpecOf(workload), ['priorityClassName']);
  const classes = manifests.ofKind('PriorityClass');
  if (name === '' || SYSTEM.includes(name) || classes.some((one) => one.names.includes(name)))
    return [];
  const near = [...SYSTEM, ...classes.map((one) => one.name)].find((one) =>
    isMisspelled(one, name),
  );
  if (near === undefined) return [];
  return [
    {
      resource: workload,
      path: toPath([...podTemplatePath(workload), 'spec', 'priorityClassName']),
      message: `there is no PriorityClass ${name} in these manifests, and ${near} is there: without it no pod is made`,
      fix: `write \`${near}\``,
    },
  ];
}

const SHARED = ['ReadWriteMany', 'ReadOnlyMany'];

/** A claim of the stream that one node, or one pod, mounts at a time. */
function volumes(workload: Resource, { manifests }: Surface): Fault[] {
  if (workload.kind !== 'Deployment' || nodeOf(workload) !== '') return [];
  return volumesOf(workload).flatMap((volume, index): Fault[] => {
    const name = stringAt(volume, ['persistentVolumeClaim', 'claimName']);
    const claim = manifests.named('PersistentVolumeClaim', name, workload.namespace);
    const modes = strings(getIn(claim?.json, ['spec', 'accessModes']));
    if (!claim || modes.length === 0 || modes.some((mode) => SHARED.includes(mode))) return [];
    const message = oneNode(workload.json, `claim ${name} is ${modes.join(', ')}`);
    if (message === undefined) return [];
    return [
      {
        resource: workload,
        path: toPath([...podTemplatePath(workload), 'spec', 'volumes', index]),
        ...message,
      },
    ];
  });
}

function oneNode({ spec }: JsonObject, what: string): { message: string; fix: string } | undefined {
  const replicas = getIn(spec, ['replicas']) ?? 1;
  const isRolling = (getIn(spec, ['strategy', 'type']) ?? 'RollingUpdate') === 'RollingUpdate';
  const surge = asText(getIn(spec, ['strategy', 'rollingUpdate', 'maxSurge']) ?? '25%');
  if (typeof replicas === 'number' && replicas > 1)
    return {
      message: `${what}, and there are ${replicas} replicas: those on another node than the first never start`,
      fix: 'take a claim that is ReadWriteMany, one replica, or a StatefulSet with `volumeClaimTemplates`',
    };
  if (replicas !== 1 || !isRolling || /^0%?$/.test(surge)) return undefined;
  return {
    message: `${what}, and a rollout starts the new pod before the old one ends: on another node it never starts, and the rollout hangs`,
    fix: 'write `strategy: {type: Recreate}`, or `maxSurge: 0` with `maxUnavailable: 1`',
  };
}
