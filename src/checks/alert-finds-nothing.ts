/** Whether Prometheus loads alerts, and whether they ask about names that are here. */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelled, prefixOf } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { meantJob } from './shared/jobs.ts';
import { notRead } from './shared/prometheus-selection.ts';
import { secondsOf, syntaxFault } from './shared/promql.ts';

/** Labels whose value is the name of a resource: of kube-state-metrics, and `job` of the Prometheus operator. */
const LABEL = /\b(job|deployment|statefulset|daemonset|service)\s*=\s*"([^"]*)"/g;

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'An alert that Prometheus does not load, or about a name that nothing has',
  why: 'The Prometheus operator leaves out a rule file with an expression that cannot be read. An expression over series that are not there gives nothing: the alert never rings, or, with `absent`, rings for ever.',
  fix: 'write the name that the Service, the monitor or the workload has; where Prometheus gives `job` a name of its own, accept this with a reason',
  find: (surface) => {
    const names = namesIn(surface);
    const loaded = surface.manifests
      .ofKind('PrometheusRule')
      .filter((rule) => groupOf(rule) === 'monitoring.coreos.com')
      .flatMap((resource) =>
        list(getIn(resource.json, ['spec', 'groups'])).flatMap((group, index) =>
          list(group['rules']).flatMap((rule, position) => {
            const expression = stringAt(rule, ['expr']);
            const common = { resource, path: `spec.groups[${index}].rules[${position}].expr` };
            const broken = syntaxFault(expression);
            if (broken !== undefined && typeof rule['expr'] !== 'number')
              return [{ ...common, ...notLoaded(broken) }];
            const wait = stringAt(rule, ['for']);
            if (wait !== '' && secondsOf(wait) === undefined)
              return [
                {
                  ...common,
                  path: common.path.replace(/expr$/, 'for'),
                  severity: 'error' as const,
                  message: `for is ${wait}, which is no duration`,
                  fix: 'write a number with a unit, such as `5m`',
                },
              ];
            const said = new Set(
              [...expression.matchAll(LABEL)].flatMap(
                ([, label = '', value = '']) => unknownName(label, value, names, surface) ?? [],
              ),
            );
            return [...said].map((message): Fault => ({ ...common, message }));
          }),
        ),
      );
    return [
      ...surface.manifests.ofKind('PrometheusRule').flatMap(refusedGroups),
      ...notRead(['PrometheusRule'], surface),
      ...loaded,
    ];
  },
};

/** Sources: the schema of PrometheusRule (groups are a map by name); Prometheus, `model/rulefmt`, `Rule.Validate`. */
function refusedGroups(resource: Resource): Fault[] {
  const groups = list(getIn(resource.json, ['spec', 'groups']));
  const names = groups.map((group) => stringAt(group, ['name']));
  const error = { resource, severity: 'error' as const };
  return groups.flatMap((group, index) => [
    ...(names.indexOf(names[index] ?? '') === index
      ? []
      : [
          {
            ...error,
            path: `spec.groups[${index}].name`,
            message: `two groups have the name ${names[index]}: Kubernetes refuses the rules`,
            fix: 'give each group a name of its own',
          },
        ]),
    ...list(group['rules']).flatMap((rule, position): Fault[] => {
      const kinds = ['alert', 'record'].filter((field) => stringAt(rule, [field]) !== '');
      if (kinds.length === 1) return [];
      return [
        {
          ...error,
          path: `spec.groups[${index}].rules[${position}]`,
          message:
            kinds.length === 0
              ? 'the rule has neither `alert` nor `record`: none of the file is loaded'
              : 'the rule has both `alert` and `record`: none of the file is loaded',
          fix: 'keep one of them',
        },
      ];
    }),
  ]);
}

function notLoaded(broken: string): Fault {
  return {
    severity: 'error',
    message: `the expression cannot be read: ${broken}`,
    fix: 'correct the expression; `promtool check rules` reads it as Prometheus does',
  };
}

function unknownName(
  label: string,
  value: string,
  names: readonly string[],
  surface: Surface,
): string | undefined {
  const job = label === 'job' ? meantJob(value, surface) : undefined;
  if (job !== undefined) return `it asks for job ${value}, and the series have the job ${job}`;
  // The job of a PodMonitor is `namespace/name`.
  const name = value.split('/').at(-1) ?? '';
  if (name === '' || names.includes(name)) return undefined;
  const meant = names.find((one) => isMeant(name, one));
  if (meant === undefined) return undefined;
  const found = (label === 'job' ? meantJob(meant, surface) : undefined) ?? meant;
  // The name of a label that `jobLabel` makes the job of.
  if (found === value) return undefined;
  return `it asks for ${label} ${value}, and there is ${found}`;
}

function namesIn({ manifests, workloads, services }: Surface): string[] {
  const monitors = manifests.ofKind('ServiceMonitor', 'PodMonitor', 'Probe');
  return [...services, ...workloads, ...monitors].map(({ name }) => name);
}

function isMeant(name: string, other: string): boolean {
  return isMisspelled(name, other) || prefixOf(name, other) !== '';
}
