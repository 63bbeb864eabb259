/** Whether alerts ask about names that are here. */
import { groupOf } from '../manifests/manifests.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelled, prefixOf } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Labels whose value is the name of a resource: of kube-state-metrics, and `job` of the Prometheus operator. */
const LABEL = /\b(job|deployment|statefulset|daemonset|service)\s*=\s*"([^"]*)"/g;

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'An alert about a name that nothing has',
  why: 'An expression over series that are not there gives nothing: the alert never rings, or, with `absent`, rings for ever.',
  fix: 'write the name that the Service, the monitor or the workload has; where Prometheus gives `job` a name of its own, accept this with a reason',
  find: (surface) => {
    const names = namesIn(surface);
    return surface.manifests
      .ofKind('PrometheusRule')
      .filter((rule) => groupOf(rule) === 'monitoring.coreos.com')
      .flatMap((resource) =>
        list(getIn(resource.json, ['spec', 'groups'])).flatMap((group, index) =>
          list(group['rules']).flatMap((rule, position) =>
            [...stringAt(rule, ['expr']).matchAll(LABEL)].flatMap(
              ([, label = '', value = '']): Fault[] => {
                // The job of a PodMonitor is `namespace/name`.
                const name = value.split('/').at(-1) ?? '';
                if (name === '' || names.includes(name)) return [];
                const meant = names.find((one) => isMeant(name, one));
                if (meant === undefined) return [];
                return [
                  {
                    resource,
                    path: `spec.groups[${index}].rules[${position}].expr`,
                    message: `it asks for ${label} ${value}, and there is ${meant}`,
                  },
                ];
              },
            ),
          ),
        ),
      );
  },
};

function namesIn({ manifests, workloads, services }: Surface): string[] {
  const monitors = manifests.ofKind('ServiceMonitor', 'PodMonitor', 'Probe');
  return [...services, ...workloads, ...monitors].map(({ name }) => name);
}

function isMeant(name: string, other: string): boolean {
  return isMisspelled(name, other) || prefixOf(name, other) !== '';
}
