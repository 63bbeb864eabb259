/**
 * Rollouts of Argo that are refused, or that wait for something that is not there.
 *
 * Source: Argo Rollouts, "Specification" and `pkg/apis/rollouts/validation` (equal Services, Services and templates that are named).
 */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type Json, stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'An Argo Rollout that does not roll out',
  why: 'Argo Rollouts answers `InvalidSpec` to a Service, an Ingress or a template that is not there, and to one Service for both versions: no new version starts, and the old one goes on.',
  fix: 'name a Service for each version, and what is there',
  find: (surface) =>
    surface.manifests
      .ofKind('Rollout')
      .filter((rollout) => groupOf(rollout) === 'argoproj.io')
      .flatMap((rollout) => [
        ...oneService(rollout),
        ...missing(rollout, surface),
        ...workload(rollout, surface),
      ]),
};

const PAIRS = [
  ['canary', 'stableService', 'canaryService'],
  ['blueGreen', 'activeService', 'previewService'],
] as const;

function oneService(resource: Resource): Fault[] {
  return PAIRS.flatMap(([strategy, first, second]): Fault[] => {
    const of = (field: string) => stringAt(resource.json, ['spec', 'strategy', strategy, field]);
    if (of(first) === '' || of(first) !== of(second)) return [];
    return [
      {
        resource,
        path: `spec.strategy.${strategy}.${second}`,
        message: `${first} and ${second} are both ${of(first)}: each version needs a Service of its own`,
        fix: `make a second Service, and name it in \`${second}\``,
      },
    ];
  });
}

/** Fields anywhere in the strategy, with the kinds that they name. */
const NAMED = new Map<string, readonly string[]>([
  ['stableService', ['Service']],
  ['canaryService', ['Service']],
  ['activeService', ['Service']],
  ['previewService', ['Service']],
  ['pingService', ['Service']],
  ['pongService', ['Service']],
  ['stableIngress', ['Ingress']],
  ['templateName', ['AnalysisTemplate', 'ClusterAnalysisTemplate']],
]);

/** A Service belongs beside the Rollout; a template may be of other manifests. */
function missing(resource: Resource, { manifests }: Surface): Fault[] {
  const strategy = ['spec', 'strategy'];
  return namesIn(getIn(resource.json, strategy), strategy).flatMap(({ path, kinds, name }) => {
    const isThere = kinds.some((kind) => {
      const home = kind.startsWith('Cluster') ? '' : resource.namespace;
      return manifests.named(kind, name, home) !== undefined;
    });
    if (isThere || /[${}]/.test(name)) return [];
    const [kind = ''] = kinds;
    const fault: Fault = {
      resource,
      path: toPath(path),
      severity: kind === 'Service' ? undefined : 'warning',
      message: `there is no ${kind} ${name}${resource.namespace ? ` in namespace ${resource.namespace}` : ''} of these manifests: the rollout waits for it`,
      fix: `add ${kind} ${name}, or name one that is there`,
    };
    return [fault];
  });
}

type Path = readonly (string | number)[];

function namesIn(
  json: Json | undefined,
  path: Path,
): { path: Path; kinds: readonly string[]; name: string }[] {
  if (Array.isArray(json)) return json.flatMap((one, index) => namesIn(one, [...path, index]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([field, value]) => {
    const kinds = NAMED.get(field);
    const here = [...path, field];
    return kinds && typeof value === 'string' && value !== ''
      ? [{ path: here, kinds, name: value }]
      : namesIn(value, here);
  });
}

/** A Rollout that takes the pods of a Deployment over: both run where the Deployment keeps its own. */
function workload(resource: Resource, { manifests }: Surface): Fault[] {
  const reference = getIn(resource.json, ['spec', 'workloadRef']);
  const [kind, name] = [stringAt(reference, ['kind']), stringAt(reference, ['name'])];
  const found = manifests.named(kind, name, resource.namespace);
  const down = stringAt(reference, ['scaleDown']);
  const replicas = getIn(found?.json, ['spec', 'replicas']) ?? 1;
  if (!found || replicas === 0 || /^(?:onsuccess|progressively)$/.test(down)) return [];
  return [
    {
      resource: found,
      path: 'spec.replicas',
      severity: 'warning',
      message: `Rollout ${resource.name} runs the pods of ${kind} ${name}, which keeps ${asText(replicas)} of its own beside them`,
      fix: 'write `replicas: 0`, or `scaleDown: onsuccess` in `workloadRef`',
    },
  ];
}
