/**
 * Which pods a NetworkPolicy is about.
 *
 * Source: Kubernetes, "Labels and selectors" (an empty selector takes all) and "Network policies" (a rule's peers).
 */
import { asText, getIn, type Json, type JsonObject, list, objectAt } from '../yaml/json.ts';
import { sameNamespace } from './manifests.ts';
import type { Resource } from './resource.ts';
import { podMetadataOf, podSpecOf } from './workload.ts';

/** Every namespace carries its own name as a label. */
export const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Whether a selector takes the pods of a workload. */
export function selectsPods(selector: Json | undefined, workload: Resource): boolean {
  return selectsLabels(selector, podMetadataOf(workload, 'labels'));
}

/** Whether a selector takes labels; none at all is like an empty one. */
export function selectsLabels(selector: Json | undefined, labels: JsonObject): boolean {
  const wanted = Object.entries(objectAt(selector, ['matchLabels']));
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    list(getIn(selector, ['matchExpressions'])).every((expression) => holds(expression, labels))
  );
}

function holds({ key, operator, values }: JsonObject, labels: JsonObject): boolean {
  const value = labels[asText(key)];
  const isListed = Array.isArray(values) && value !== undefined && values.includes(value);
  const isThere = value !== undefined;
  const answers = { In: isListed, NotIn: !isListed, Exists: isThere, DoesNotExist: !isThere };
  return answers[operator as keyof typeof answers] ?? true;
}

/** The pods that a NetworkPolicy is about. */
export function podSelectorOf(policy: Resource): Json | undefined {
  return getIn(policy.json, ['spec', 'podSelector']);
}

/** Whether a policy applies to a workload's pods. */
export function appliesTo(policy: Resource, workload: Resource): boolean {
  return (
    sameNamespace(policy.namespace, workload.namespace) &&
    podSpecOf(workload)['hostNetwork'] !== true &&
    selectsPods(podSelectorOf(policy), workload)
  );
}

/** Whether a namespace can be meant: its name is known, its other labels are not. */
export function canSelectNamespace(selector: Json | undefined, namespace: string): boolean {
  const named = getIn(selector, ['matchLabels', NAMESPACE_LABEL]);
  if (typeof named === 'string' && !sameNamespace(named, namespace)) return false;
  return list(getIn(selector, ['matchExpressions']))
    .filter(({ key }) => key === NAMESPACE_LABEL)
    .every((expression) => namespace === '' || holds(expression, { [NAMESPACE_LABEL]: namespace }));
}
