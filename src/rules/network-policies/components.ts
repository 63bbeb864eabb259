/** The components that get a policy of their own, and the labels by which it takes their pods and no others. */
import type { EgressRule } from '../../config/generated/domain-config.ts';
import type { Problem } from '../../errors.ts';
import { selectsPods } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { declaredSelector, podMetadataOf, podSpecOf } from '../../manifests/workload.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type JsonObject } from '../../yaml/json.ts';

/** As `networkPolicies.egress[].for` calls them. */
export type ComponentRole = NonNullable<EgressRule['for']>[number];

/** A workload that gets a policy. */
export interface Component {
  workload: Resource;
  /** More than one where their containers share pods. */
  roles: ReadonlySet<ComponentRole>;
}

/** What runs each role; a program with a section of the workflow engine or the object store counts as a worker. */
export function workloadsByRole(surface: Surface): Record<ComponentRole, Resource[]> {
  const found = {
    'api-server': [...new Set(surface.apiServices.flatMap((service) => surface.podsOf(service)))],
    envoy: surface.mounting(surface.envoys),
    ui: surface.mounting(surface.uis),
    worker: surface.mounting(surface.workers),
    'controller-manager': surface.mounting(surface.controllerManagers),
  };
  const known = new Set(Object.values(found).flat());
  const others = surface.mounting(surface.clients).filter((workload) => !known.has(workload));
  return { ...found, worker: [...found.worker, ...others] };
}

/** One for each workload: one that plays several roles gets one policy for all of them. */
export function componentsOf(byRole: Record<ComponentRole, Resource[]>): Component[] {
  const roles = Object.keys(byRole) as ComponentRole[];
  return [...new Set(Object.values(byRole).flat())].map((workload) => ({
    workload,
    roles: new Set(roles.filter((role) => byRole[role].includes(workload))),
  }));
}

/**
 * The selector that takes the pods of a workload and of no other here: its own, which Kubernetes keeps apart from others' and nobody can
 * change, else every label of its pods. Undefined where neither tells them apart.
 */
export function selectorFor(workload: Resource, { workloads }: Surface): JsonObject | undefined {
  const labels = podMetadataOf(workload, 'labels');
  const selectors = [declaredSelector(workload), { matchLabels: labels }];
  return selectors.find(
    (selector) =>
      selector !== undefined &&
      Object.values(selector).some((part) => isObject(part) && Object.keys(part).length > 0) &&
      selectsPods(selector, workload) &&
      othersTaken(selector, workload, workloads).length === 0,
  );
}

function othersTaken(
  selector: JsonObject,
  workload: Resource,
  workloads: readonly Resource[],
): Resource[] {
  return workloads.filter(
    (other) =>
      other !== workload &&
      sameNamespace(other.namespace, workload.namespace) &&
      selectsPods(selector, other),
  );
}

/** What keeps a policy from being about the pods of a workload, and about nothing else. */
export function podProblems(workload: Resource, surface: Surface): Problem[] {
  const problem = { code: 'network-policy-pods', severity: 'error' } as const;
  const resource = workload.reference;
  if (podSpecOf(workload)['hostNetwork'] === true)
    return [
      {
        ...problem,
        message:
          'these pods use the network of their host, where NetworkPolicies mean nothing or something else',
        resource,
        found: '`hostNetwork: true`',
        expected: 'pods with a network of their own',
        fix: 'take `hostNetwork` out of the base, or leave `spec.networkPolicies` out',
      },
    ];
  if (selectorFor(workload, surface)) return [];
  const labels = podMetadataOf(workload, 'labels');
  const others = othersTaken({ matchLabels: labels }, workload, surface.workloads);
  return [
    {
      ...problem,
      message:
        others.length > 0
          ? 'no label tells these pods from others: a policy for them would be about both'
          : 'these pods have no label by which a policy could be about them',
      resource,
      also: others.map(({ reference }) => reference),
      found: others.length > 0 ? 'the same labels on other pods' : 'no labels',
      expected: 'a label that these pods alone have',
      fix: 'give them a label of their own in the base, for instance `app.kubernetes.io/component`',
    },
  ];
}
