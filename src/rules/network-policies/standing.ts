/** What the policies of `restricted` do not reach: pods of another build, policies of the base that open more, policies of other kinds. */
import type { Problem } from '../../errors.ts';
import { appliesTo, NAMESPACE_LABEL } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import { type Direction, rangeOf, rulesIn } from '../../manifests/network-policy.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isWithin } from '../../net/cidrs.ts';
import { foreignPolicies } from '../../surface/foreign-policies.ts';
import { equalJson, getIn, type Json, type JsonObject, list, objectAt } from '../../yaml/json.ts';
import type { RuleInput } from '../rule.ts';
import { referenceOfConfig } from './asked.ts';
import type { ComponentRole } from './components.ts';

/** A policy of this build, and the workload that it is for; undefined where its pods are not in the stream. */
export interface MadePolicy {
  json: JsonObject;
  workload?: Resource;
}

/** Roles whose pods are not in this build, and that the config does not list as absent. */
export function notCovered(
  byRole: Readonly<Record<ComponentRole, readonly Resource[]>>,
  { settings }: RuleInput,
): Problem[] {
  const roles = (Object.keys(byRole) as ComponentRole[]).filter(
    (role) => byRole[role].length === 0 && !settings.absent.has(role),
  );
  if (roles.length === 0) return [];
  return [
    {
      code: 'network-policy-partial',
      severity: 'warning',
      message: `there is no policy for ${roles.join(', ')}: their pods are not in this build`,
      resource: referenceOfConfig(settings),
      path: 'spec.networkPolicies',
      expected: 'the workloads that mount their configs, or that their Service selects',
      fix: 'add them to this kustomization, or list the roles in `spec.absent` and write policies where they are',
    },
  ];
}

/** Policies add up: one of the base that opens more makes `restricted` untrue. Of other kinds nothing can be said. */
export function standingPolicies(made: readonly MadePolicy[], { surface }: RuleInput): Problem[] {
  const isMade = ({ name, namespace }: Resource) =>
    made.some(
      ({ json }) =>
        getIn(json, ['metadata', 'name']) === name &&
        (getIn(json, ['metadata', 'namespace']) ?? '') === namespace,
    );
  const components = made.flatMap(({ workload, json }) => (workload ? [{ workload, json }] : []));
  const standing = surface.manifests.ofKind('NetworkPolicy').filter((policy) => !isMade(policy));
  const adding = standing.flatMap((policy) => {
    const opened = components.filter(
      ({ workload, json }) =>
        appliesTo(policy, workload) &&
        (opensMore(policy, json, 'ingress') || opensMore(policy, json, 'egress')),
    );
    const names = opened.map(({ workload }) => `${workload.kind} ${workload.name}`);
    return names.length > 0 ? [addsMore(policy, names)] : [];
  });
  const foreign = foreignPolicies(surface).filter(
    ({ namespace }) =>
      namespace === '' ||
      components.some(({ workload }) => sameNamespace(workload.namespace, namespace)),
  );
  return [...adding, ...foreign.map(unclear)];
}

/** @param names - the workloads for which it does */
function addsMore({ reference }: Resource, names: readonly string[]): Problem {
  return {
    code: 'network-policy-adds',
    severity: 'warning',
    message: `this policy lets more through than \`networkPolicies.mode: restricted\`, for ${names.join(', ')}: policies add up`,
    resource: reference,
    fix: 'take it out of the base, or give what it is for in `spec.networkPolicies.egress` and `from`',
  };
}

function unclear({ reference }: Resource): Problem {
  return {
    code: 'network-policy-foreign',
    severity: 'warning',
    message:
      'this policy is of a kind of its own network plug-in: it may open or shut more than `networkPolicies.mode: restricted` says',
    resource: reference,
    fix: 'compare the two by hand, then accept this finding, or take one of them away',
  };
}

function opensMore(policy: Resource, ours: JsonObject, direction: Direction): boolean {
  const open = rulesIn(ours, direction);
  const isOpen = (peer: JsonObject, port: JsonObject) =>
    open.some(
      (rule) =>
        rule.peers?.some((each) => isNarrower(peer, each, policy.namespace)) &&
        rule.ports?.some((each) => isSamePort(port, each)),
    );
  return rulesIn(policy.json, direction).some(
    ({ peers, ports = [{}] }) =>
      peers === undefined || peers.some((peer) => ports.some((port) => !isOpen(peer, port))),
  );
}

function isSamePort(port: JsonObject, own: JsonObject): boolean {
  return (
    port['port'] === own['port'] &&
    port['endPort'] === undefined &&
    (port['protocol'] ?? 'TCP') === own['protocol']
  );
}

/** Whether everything that a peer takes is taken by one of ours; in doubt it is not. */
function isNarrower(peer: JsonObject, own: JsonObject, namespace: string): boolean {
  const [range, ownRange] = [rangeOf(peer), rangeOf(own)];
  if (range !== undefined || ownRange !== undefined)
    return range !== undefined && ownRange !== undefined && isWithin(range, ownRange) === true;
  const named = { matchLabels: { [NAMESPACE_LABEL]: namespace } };
  return (
    demandsAll(peer['namespaceSelector'] ?? named, own['namespaceSelector'] ?? named) &&
    demandsAll(peer['podSelector'], own['podSelector'])
  );
}

/** Whether a selector demands everything that one of ours demands. */
function demandsAll(selector: Json | undefined, own: Json | undefined): boolean {
  const labels = objectAt(selector, ['matchLabels']);
  const expressions = list(getIn(selector, ['matchExpressions']));
  return (
    Object.entries(objectAt(own, ['matchLabels'])).every(([key, value]) => labels[key] === value) &&
    list(getIn(own, ['matchExpressions'])).every((wanted) =>
      expressions.some((expression) => equalJson(expression, wanted)),
    )
  );
}
