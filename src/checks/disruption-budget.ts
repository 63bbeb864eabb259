/** Whether a PodDisruptionBudget protects something, and still lets a node be drained. */
import { selectsLabels } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { podMetadataOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asNumber, asText, getIn, type Json, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { emptySelection, podsBeside } from './shared/near-labels.ts';

/** Kinds whose pods have a number that somebody wants. */
const COUNTED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout'];

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A disruption budget that protects nothing, or blocks every drain',
  why: 'A budget whose selector takes no pod has no effect. One that allows no disruption at all keeps `kubectl drain`, and with it every upgrade of nodes, waiting for ever.',
  fix: 'select the labels of the pods, and write `maxUnavailable: 1`',
  find: (surface) =>
    surface.manifests
      .ofKind('PodDisruptionBudget')
      .flatMap((budget) => faultOf(budget, surface) ?? secondOf(budget, surface) ?? []),
};

function faultOf(budget: Resource, surface: Surface): Fault | undefined {
  const { json } = budget;
  const selector = getIn(json, ['spec', 'selector']);
  const candidates = podsBeside(budget, surface);
  const nothing = emptySelection(selector, candidates);
  if (nothing) return { resource: budget, path: 'spec.selector', ...nothing };
  const minimum = getIn(json, ['spec', 'minAvailable']);
  const maximum = getIn(json, ['spec', 'maxUnavailable']);
  if (minimum !== undefined && maximum !== undefined)
    return {
      resource: budget,
      path: 'spec',
      message: 'minAvailable and maxUnavailable exclude each other: Kubernetes refuses it',
      fix: 'keep `maxUnavailable`',
    };
  const taken = candidates
    .filter(({ labels }) => selectsLabels(selector, labels))
    .map(({ resource }) => resource);
  if (taken.length === 0 || !taken.every(({ kind }) => COUNTED.includes(kind))) return undefined;
  const names = taken.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
  if (maximum !== undefined)
    return share(maximum, 100) === 0
      ? {
          resource: budget,
          path: 'spec.maxUnavailable',
          message: `maxUnavailable ${asText(maximum)} lets no pod of ${names} ever be evicted`,
        }
      : undefined;
  const replicas = taken.map((workload) => replicasOf(workload, surface));
  const total = replicas.reduce((sum, { number }) => sum + number, 0);
  if (minimum === undefined || total === 0 || share(minimum, total) < total) return undefined;
  const isWhole = minimum === '100%';
  const isScaled = replicas.some(({ scaler }) => scaler !== undefined);
  return {
    resource: budget,
    path: 'spec.minAvailable',
    // With more pods than the least a drain goes on.
    severity: isScaled && !isWhole ? 'warning' : undefined,
    message: `minAvailable ${asText(minimum)} of ${total} ${total === 1 ? 'pod' : 'pods'} of ${names}${isScaled ? ' at least' : ''} lets none ever be evicted`,
    fix: `write \`maxUnavailable: 1\` instead${isWhole ? '' : ', or run more replicas'}`,
  };
}

/** A percentage is rounded up. Source: Kubernetes, "Specifying a Disruption Budget". */
function share(value: Json, total: number): number {
  const percent = /^(\d+)%$/.exec(asText(value))?.[1];
  return percent === undefined ? asNumber(value) : Math.ceil((Number(percent) * total) / 100);
}

function replicasOf(workload: Resource, { manifests }: Surface) {
  const scaler = manifests
    .ofKind('HorizontalPodAutoscaler', 'ScaledObject')
    .find(
      ({ json, namespace }) =>
        sameNamespace(namespace, workload.namespace) &&
        (stringAt(json, ['spec', 'scaleTargetRef', 'kind']) || 'Deployment') === workload.kind &&
        stringAt(json, ['spec', 'scaleTargetRef', 'name']) === workload.name,
    );
  const number = scaler
    ? (getIn(scaler.json, ['spec', 'minReplicas']) ??
      getIn(scaler.json, ['spec', 'minReplicaCount']) ??
      1)
    : (getIn(workload.json, ['spec', 'replicas']) ?? 1);
  return { number: asNumber(number) || 0, scaler };
}

/** The eviction API answers 500 for a pod with more than one budget. */
function secondOf(budget: Resource, surface: Surface): Fault | undefined {
  const all = surface.manifests.ofKind('PodDisruptionBudget');
  const takes = (one: Resource, pod: Resource) =>
    sameNamespace(one.namespace, pod.namespace) &&
    selectsLabels(getIn(one.json, ['spec', 'selector']), podMetadataOf(pod, 'labels'));
  for (const pod of surface.workloads.filter((one) => takes(budget, one))) {
    const other = all.slice(0, all.indexOf(budget)).find((one) => takes(one, pod));
    if (other)
      return {
        resource: budget,
        path: 'spec.selector',
        message: `the pods of ${pod.kind} ${pod.name} have PodDisruptionBudget ${other.name} as well: Kubernetes evicts no pod that has two`,
        fix: 'leave each pod one budget',
      };
  }
  return undefined;
}
