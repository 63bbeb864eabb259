/**
 * What triggers of KEDA refer to.
 *
 * Sources: KEDA, "Authentication" (a TriggerAuthentication is of the namespace of the ScaledObject), "CPU" (scales to zero only beside a trigger
 * of another type), "Temporal" (`namespace` is `default` where it is not written; `taskQueue`).
 */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isTemplated } from '../../net/addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { fixedTaskLists, pollersOf } from '../../surface/task-lists.ts';
import { asNumber, asText, getIn, type JsonObject, list, stringAt } from '../../yaml/json.ts';

/** Of one ScaledObject. */
export function kedaFaults(scaler: Resource, surface: Surface): Fault[] {
  const triggers = list(getIn(scaler.json, ['spec', 'triggers']));
  return [
    ...fromNone(scaler, triggers),
    ...triggers.flatMap((trigger, index) => [
      ...authentication(scaler, trigger, `spec.triggers[${index}].authenticationRef`, surface),
      ...queue(scaler, trigger, `spec.triggers[${index}].metadata`, surface),
    ]),
  ];
}

function fromNone(resource: Resource, triggers: readonly JsonObject[]): Fault[] {
  const least = getIn(resource.json, ['spec', 'minReplicaCount']);
  const isOfPods = triggers.every(({ type }) => type === 'cpu' || type === 'memory');
  if (least === undefined || asNumber(least) !== 0 || triggers.length === 0 || !isOfPods) return [];
  return [
    {
      resource,
      path: 'spec.minReplicaCount',
      severity: 'warning',
      message:
        'minReplicaCount is 0, and only cpu and memory are measured, of which there is none without a pod: KEDA scales to zero by them only beside a trigger of another type',
      fix: 'write `minReplicaCount: 1`, or add a trigger that says when the first pod is needed',
    },
  ];
}

function authentication(
  scaler: Resource,
  trigger: JsonObject,
  path: string,
  surface: Surface,
): Fault[] {
  const reference = trigger['authenticationRef'];
  const name = stringAt(reference, ['name']);
  const kind = stringAt(reference, ['kind']) || 'TriggerAuthentication';
  if (name === '' || isTemplated(name)) return [];
  const here = surface.manifests
    .ofKind(kind)
    .filter(
      ({ namespace }) =>
        kind !== 'TriggerAuthentication' || sameNamespace(namespace, scaler.namespace),
    );
  const found = here.find((one) => one.name === name);
  if (found) return withoutKeys(found, scaler, surface);
  const [other] = here;
  if (!other) return [];
  return [
    {
      resource: scaler,
      path: `${path}.name`,
      severity: 'warning',
      message: `there is no ${kind} ${name} in these manifests, and ${kind} ${other.name} is there: without it KEDA asks nobody, and scales nothing`,
      fix: `write \`${other.name}\`, unless ${name} is in other manifests`,
    },
  ];
}

const SOURCES = [
  { field: 'secretTargetRef', kind: 'Secret' },
  { field: 'configMapTargetRef', kind: 'ConfigMap' },
] as const;

/** Keys that are not in what it reads. */
function withoutKeys(by: Resource, scaler: Resource, surface: Surface): Fault[] {
  if (by.kind !== 'TriggerAuthentication') return [];
  return SOURCES.flatMap(({ field, kind }) =>
    list(getIn(by.json, ['spec', field])).flatMap(({ name, key }, index): Fault[] => {
      const made = providersOf(kind, surface).filter(
        (one) => one.name === name && isProvidedIn(one, scaler.namespace),
      );
      const isOpen = made.length === 0 || made.some(({ keys }) => keys === undefined);
      const keys = made.flatMap((one) => one.keys ?? []);
      if (isOpen || keys.includes(asText(key))) return [];
      return [
        {
          resource: by,
          path: `spec.${field}[${index}].key`,
          message: `${kind} ${asText(name)} has no key ${asText(key)}: ScaledObject ${scaler.name} scales nothing`,
          fix: `name one of: ${keys.join(', ')}`,
        },
      ];
    }),
  );
}

/** A queue that no worker polls has no backlog that more workers could shorten. */
function queue(scaler: Resource, trigger: JsonObject, path: string, surface: Surface): Fault[] {
  const { metadata } = trigger;
  const name = stringAt(scaler.json, ['spec', 'scaleTargetRef', 'name']);
  const workers = surface.workers.filter((target) =>
    surface
      .mounting([target])
      .some((one) => one.name === name && sameNamespace(one.namespace, scaler.namespace)),
  );
  if (trigger['type'] !== 'temporal' || workers.length === 0) return [];
  const polled = workers.flatMap((target) => pollersOf(jsonOf(target)));
  const domain = stringAt(metadata, ['namespace']) || 'default';
  const list = stringAt(metadata, ['taskQueue']);
  const of = (field: string) => polled.map((one) => asText(one[field] ?? ''));
  const judged = [
    { field: 'namespace', value: domain, there: of('domain') },
    {
      field: 'taskQueue',
      value: list,
      there: [...of('taskList'), ...fixedTaskLists(surface.clients)],
    },
  ];
  return judged.flatMap(({ field, value, there }): Fault[] => {
    const isOpen = polled.length === 0 || there.some((one) => one === '' || isTemplated(one));
    if (value === '' || isTemplated(value) || isOpen || there.includes(value)) return [];
    return [
      {
        resource: scaler,
        path: `${path}.${field}`,
        severity: 'warning',
        message: `the trigger watches ${field} ${value}, and the workers that it scales poll ${[...new Set(there)].join(', ')}`,
        fix: `write one that the workers poll, or let them poll ${value}`,
      },
    ];
  });
}
