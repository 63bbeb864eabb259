/**
 * Pods that a ResourceQuota or a LimitRange of their namespace lets in no more.
 *
 * Sources: Kubernetes, "Resource Quotas" (a quota of requests or limits asks every container for them) and "Limit Ranges" (a container
 * without a limit gets `default`, which is `max` where it is not given); `plugin/pkg/admission/limitranger`.
 */

import { sameNamespace } from '../../manifests/manifests.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type JsonObject, list, objectAt, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { quantityOf } from './quantity.ts';

/** Faults at the containers that a LimitRange refuses, and at a ResourceQuota that has no room for the workloads of the stream. */
export function refusedByLimits(surface: Surface): Fault[] {
  return [
    ...surface.manifests.ofKind('LimitRange').flatMap((range) => ofRange(range, surface)),
    ...surface.manifests.ofKind('ResourceQuota').flatMap((quota) => ofQuota(quota, surface)),
  ];
}

function ofRange(range: Resource, surface: Surface): Fault[] {
  const limits = list(getIn(range.json, ['spec', 'limits'])).filter(
    ({ type }) => type === 'Container',
  );
  return podsOf(range, surface).flatMap((workload) =>
    placedContainers(workload).flatMap(({ json, path }) =>
      limits.flatMap((limit) => {
        const names = new Set(
          ['max', 'min', 'default'].flatMap((part) => Object.keys(objectAt(limit, [part]))),
        );
        return [...names].flatMap((resource): Fault[] => {
          const why = outside(json, limit, resource);
          if (why === undefined) return [];
          return [
            {
              resource: workload,
              path: toPath([...path, 'resources']),
              message: `container ${stringAt(json, ['name'])} ${why} of LimitRange ${range.name}: no pod is made`,
              fix: 'write amounts that the LimitRange lets in, or change it',
            },
          ];
        });
      }),
    ),
  );
}

/** What a container has that its namespace does not let in, as a clause with a verb. */
function outside(container: JsonObject, limit: JsonObject, resource: string): string | undefined {
  const of = (part: string) => getIn(limit, [part, resource]);
  const own = (part: string) => getIn(container, ['resources', part, resource]);
  const most = own('limits') ?? of('default') ?? of('max');
  const least = own('requests') ?? own('limits') ?? of('defaultRequest') ?? most ?? of('min');
  const isMore = (one: unknown, other: unknown) => {
    const [left, right] = [quantityOf(one), quantityOf(other)];
    return left !== undefined && right !== undefined && left > right;
  };
  if (isMore(most, of('max')))
    return `has a limit of ${resource} of ${asText(most)}, which is more than the \`max\` of ${asText(of('max'))}`;
  if (isMore(least, of('max')))
    return `requests ${asText(least)} of ${resource}, which is more than the \`max\` of ${asText(of('max'))}`;
  if (isMore(of('min'), least))
    return `requests ${asText(least)} of ${resource}, which is less than the \`min\` of ${asText(of('min'))}`;
  if (own('limits') === undefined && isMore(least, most))
    return `requests ${asText(least)} of ${resource} and has no limit, which makes it the \`default\` of ${asText(most)}`;
  return undefined;
}

/** What a quota counts, with where a container says it. */
const COUNTED: readonly [key: string, part: 'requests' | 'limits', resource: string][] = [
  ['cpu', 'requests', 'cpu'],
  ['memory', 'requests', 'memory'],
  ['requests.cpu', 'requests', 'cpu'],
  ['requests.memory', 'requests', 'memory'],
  ['limits.cpu', 'limits', 'cpu'],
  ['limits.memory', 'limits', 'memory'],
];

function ofQuota(quota: Resource, surface: Surface): Fault[] {
  const hard = objectAt(quota.json, ['spec', 'hard']);
  const isScoped = ['scopes', 'scopeSelector'].some(
    (key) => getIn(quota.json, ['spec', key]) !== undefined,
  );
  // Pods that end are gone when others start.
  const workloads = podsOf(quota, surface).filter(({ kind }) => !/Job$/.test(kind));
  if (isScoped || workloads.length === 0) return [];
  const counts = ['pods', 'count/pods'].flatMap((key) =>
    tooMany(
      quota,
      key,
      hard[key],
      total(workloads, () => 1),
    ),
  );
  return [
    ...counts,
    ...COUNTED.flatMap(([key, part, resource]): Fault[] => {
      if (hard[key] === undefined) return [];
      const amountOf = (container: JsonObject) =>
        getIn(container, ['resources', part, resource]) ??
        // A limit is the request where none is written.
        (part === 'requests' ? getIn(container, ['resources', 'limits', resource]) : undefined);
      const lacking = workloads.find((workload) =>
        placedContainers(workload).some(({ json }) => amountOf(json) === undefined),
      );
      if (lacking && !isGiven(part, resource, quota, surface))
        return [
          {
            resource: quota,
            path: toPath(['spec', 'hard', key]),
            severity: 'warning',
            message: `a quota of ${key} lets in only pods whose containers all say it, and ${lacking.kind} ${lacking.name} has one without \`resources.${part}.${resource}\`: no pod is made, unless a LimitRange of the namespace adds it`,
            fix: `write \`resources.${part}.${resource}\` in every container, or add a LimitRange with defaults`,
          },
        ];
      const sum = total(workloads, (workload) =>
        placedContainers(workload)
          .filter(({ path }) => path.includes('containers'))
          .reduce((all, { json }) => all + (quantityOf(amountOf(json)) ?? 0), 0),
      );
      return tooMany(quota, key, hard[key], sum);
    }),
  ];
}

function tooMany(quota: Resource, key: string, written: unknown, needed: number): Fault[] {
  const most = quantityOf(written);
  if (written === undefined || most === undefined || needed <= most) return [];
  const amount = /memory/.test(key) ? `${Math.ceil(needed / 2 ** 20)}Mi` : String(round(needed));
  return [
    {
      resource: quota,
      path: toPath(['spec', 'hard', key]),
      message: `the quota of ${key} is ${asText(written)}, and the workloads of these manifests need ${amount} in namespace ${quota.namespace || 'default'}: the last pods are never made`,
      fix: `write more than \`${amount}\`, with room for the pods of a rollout`,
    },
  ];
}

const round = (amount: number) => Math.round(amount * 1000) / 1000;

function total(workloads: readonly Resource[], of: (workload: Resource) => number): number {
  return workloads.reduce((sum, workload) => {
    const replicas = getIn(workload.json, ['spec', 'replicas']) ?? 1;
    return sum + of(workload) * (typeof replicas === 'number' ? replicas : 1);
  }, 0);
}

function podsOf({ namespace }: Resource, { workloads }: Surface): Resource[] {
  return workloads.filter((workload) => sameNamespace(workload.namespace, namespace));
}

/** What each part is taken from where a container does not say it. */
const GIVEN_BY = {
  limits: ['default', 'max'],
  requests: ['defaultRequest', 'default', 'max', 'min'],
} as const;

/** Whether a LimitRange of the namespace gives containers an amount that they do not say. */
export function isGiven(
  part: keyof typeof GIVEN_BY,
  resource: string,
  { namespace }: Resource,
  { manifests }: Surface,
): boolean {
  return manifests
    .ofKind('LimitRange')
    .filter((one) => sameNamespace(one.namespace, namespace))
    .flatMap((one) => list(getIn(one.json, ['spec', 'limits'])))
    .filter(({ type }) => type === 'Container')
    .some((limit) => GIVEN_BY[part].some((field) => getIn(limit, [field, resource]) !== undefined));
}
