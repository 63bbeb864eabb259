/**
 * Where pods may run, in a form that the API server refuses.
 *
 * Source: Kubernetes, `pkg/apis/core/validation` (`ValidateTolerations`, `validateTopologySpreadConstraints`, `ValidatePreferredSchedulingTerms`,
 * `validatePodAffinityTerm`).
 */
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText, getIn, type JsonObject, list, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

type Path = readonly (string | number)[];
type Add = (path: Path, message: string, fix: string) => void;

/** Of one workload or Pod: tolerations, spread constraints and affinities with fields that do not go together. */
export function refusedScheduling(resource: Resource): Fault[] {
  const spec = podSpecOf(resource);
  const top = [...podTemplatePath(resource), 'spec'];
  const found: Fault[] = [];
  const add: Add = (path, message, fix) =>
    found.push({ resource, path: toPath([...top, ...path]), message, fix });
  for (const [index, one] of list(spec['tolerations']).entries()) toleration(one, index, add);
  for (const [index, one] of list(spec['topologySpreadConstraints']).entries())
    spread(one, index, add);
  for (const kind of ['podAffinity', 'podAntiAffinity']) affinity(spec, kind, add);
  return found;
}

function toleration({ key, operator, value, effect, ...rest }: JsonObject, at: number, add: Add) {
  const isExists = operator === 'Exists';
  if (isExists && asText(value ?? '') !== '')
    add(
      ['tolerations', at, 'value'],
      `the toleration of ${asText(key ?? 'every taint')} has the operator Exists and a value, and Exists takes none`,
      'take `value` away, or write `operator: Equal`',
    );
  if (!isExists && asText(key ?? '') === '')
    add(
      ['tolerations', at],
      'the toleration has no key, and only the operator Exists does without',
      'write the key of the taint, or `operator: Exists`',
    );
  if (rest['tolerationSeconds'] !== undefined && effect !== 'NoExecute')
    add(
      ['tolerations', at, 'effect'],
      'tolerationSeconds is for the effect NoExecute alone',
      'write `effect: NoExecute`, or take `tolerationSeconds` away',
    );
}

function spread(constraint: JsonObject, at: number, add: Add) {
  const { maxSkew, whenUnsatisfiable, topologyKey, minDomains } = constraint;
  const place = ['topologySpreadConstraints', at] as const;
  if (typeof maxSkew !== 'number' || maxSkew < 1)
    add(
      [...place, 'maxSkew'],
      `maxSkew is ${asText(maxSkew ?? 'absent')}, and has to be 1 or more`,
      'write `maxSkew: 1`',
    );
  if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway')
    add(
      [...place, 'whenUnsatisfiable'],
      `whenUnsatisfiable is ${asText(whenUnsatisfiable ?? 'absent')}, and has to be DoNotSchedule or ScheduleAnyway`,
      'write `whenUnsatisfiable: ScheduleAnyway`, or `DoNotSchedule`',
    );
  if (asText(topologyKey ?? '') === '')
    add(
      [...place, 'topologyKey'],
      'a spread constraint needs a topologyKey',
      'write `topologyKey: topology.kubernetes.io/zone`',
    );
  if (minDomains !== undefined && whenUnsatisfiable === 'ScheduleAnyway')
    add(
      [...place, 'minDomains'],
      'minDomains is for `whenUnsatisfiable: DoNotSchedule` alone',
      'take `minDomains` away',
    );
}

function affinity(spec: JsonObject, kind: string, add: Add) {
  const required = ['affinity', kind, 'requiredDuringSchedulingIgnoredDuringExecution'] as const;
  const preferred = ['affinity', kind, 'preferredDuringSchedulingIgnoredDuringExecution'] as const;
  const terms = [
    ...list(getIn(spec, required)).map((term, at) => ({ term, path: [...required, at] as Path })),
    ...list(getIn(spec, preferred)).map(({ podAffinityTerm }, at) => ({
      term: podAffinityTerm,
      path: [...preferred, at, 'podAffinityTerm'] as Path,
    })),
  ];
  for (const { term, path } of terms)
    if (stringAt(term, ['topologyKey']) === '')
      add(
        [...path, 'topologyKey'],
        'an affinity between pods needs a topologyKey',
        'write `topologyKey: kubernetes.io/hostname`',
      );
  for (const [at, { weight }] of list(getIn(spec, preferred)).entries())
    if (typeof weight !== 'number' || weight < 1 || weight > 100)
      add(
        [...preferred, at, 'weight'],
        `the weight is ${asText(weight ?? 'absent')}, and has to be 1 to 100`,
        'write `weight: 100`',
      );
}
