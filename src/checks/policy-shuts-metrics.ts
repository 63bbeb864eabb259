/** Whether a Prometheus that is told to ask a pod may. */
import { isolating, opensPort, rulesOf } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { type Scrape, scrapesOf } from '../surface/monitors.ts';
import type { Surface } from '../surface/surface.ts';
import { stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { otherPolicyFor } from './shared/other-policies.ts';
import { admitsOutsider, admitsWorkload } from './shared/policy-peers.ts';
import { doubtOf } from './shared/shut-off.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy shuts off the metrics',
  why: 'A monitor names the port, and no policy lets anybody from outside ask it: every scrape fails, and alerts on what it would say mean nothing.',
  fix: 'let the namespace of Prometheus in, on the port of the metrics',
  find: (surface) => {
    const found = scrapesOf(surface).flatMap((scrape) => faultOf(scrape, surface) ?? []);
    const seen = new Set<string>();
    return found.filter(({ message }) => !seen.has(message) && seen.add(message));
  },
};

function faultOf({ by, pod, port, names }: Scrape, surface: Surface): Fault | undefined {
  const policies = isolating(surface.manifests.ofKind('NetworkPolicy'), pod, 'ingress');
  const [first] = [...policies].sort((left, right) => weight(right) - weight(left));
  if (!first) return undefined;
  const wanted = { protocol: 'TCP' as const, number: port, names };
  const scrapers = surface.workloads.filter(isPrometheus);
  const isOpen = rulesOf(policies, 'ingress')
    .filter((rule) => opensPort(rule, wanted))
    .some(
      (rule) =>
        admitsOutsider(rule, surface) || scrapers.some((scraper) => admitsWorkload(rule, scraper)),
    );
  const other = isOpen ? undefined : otherPolicyFor(pod, 'ingress', [wanted], surface);
  if (isOpen || other?.opens) return undefined;
  const { severity, suffix } = doubtOf({ unless: other?.policy });
  return {
    resource: first,
    path: 'spec.ingress',
    severity,
    message: `${by} asks port ${port} of ${pod.kind} ${pod.name} for metrics, and no policy lets it in${suffix}`,
  };
}

/** Where a rule belongs: with the policy that is about this program. */
function weight({ json }: Resource): number {
  return JSON.stringify(json['spec']).includes('matchLabels') ? 1 : 0;
}

function isPrometheus(workload: Resource): boolean {
  return allContainersOf(workload).some((container) =>
    /prometheus|vmagent|alloy|otel/i.test(stringAt(container, ['image'])),
  );
}
