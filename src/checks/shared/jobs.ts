/**
 * The label `job` that series get.
 *
 * Source: Prometheus operator, `pkg/prometheus/promcfg.go`: `namespace/name` of a PodMonitor, the name of the Service for a ServiceMonitor,
 * or what the label of `jobLabel` says there; relabelings may change both.
 */
import { podMetadataOf } from '../../manifests/workload.ts';
import { type Monitor, monitorsOf } from '../../surface/monitors.ts';
import { areNearNames } from '../../surface/near-names.ts';
import { once } from '../../surface/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list, objectAt, stringAt } from '../../yaml/json.ts';

/** The job that was meant by one that nothing has; undefined where that is not certain. */
export function meantJob(job: string, surface: Surface): string | undefined {
  const { monitors, known } = jobsOf(surface);
  if (known.has(job) || surface.manifests.ofKind('ScrapeConfig').length > 0) return undefined;
  const name = job.split('/').at(-1) ?? '';
  const own = monitors.filter(({ monitor }) => monitor.resource.name === name);
  // Others may scrape the same pods: the name of the monitor has to tell that this one is meant.
  const scraping = monitors.filter(
    ({ monitor }) =>
      (monitor.resource.name === job || areNearNames(monitor.resource.name, job)) &&
      isAbout(monitor, job, surface),
  );
  const jobs = new Set([...own, ...(own.length > 0 ? [] : scraping)].flatMap((one) => one.jobs));
  // One that takes several has several jobs, and one with a job that is not known may have this one.
  const isCertain = [...own, ...scraping].every((one) => one.jobs.length === 1);
  return isCertain && jobs.size === 1 ? [...jobs][0] : undefined;
}

const jobsOf = once((surface) => {
  const monitors = monitorsOf(surface).map((monitor) => ({ monitor, jobs: jobsIn(monitor) }));
  const probes = surface.manifests
    .ofKind('Probe')
    .map(({ json }) => stringAt(json, ['spec', 'jobName']));
  return { monitors, known: new Set([...monitors.flatMap(({ jobs }) => jobs), ...probes]) };
});

function jobsIn({ resource, taken, endpoints }: Monitor): string[] {
  const isChanged = endpoints.some((endpoint) =>
    [...list(endpoint['relabelings']), ...list(endpoint['metricRelabelings'])].some(
      ({ targetLabel, action }) => targetLabel === 'job' || /^labelmap$/i.test(asText(action)),
    ),
  );
  const jobLabel = stringAt(resource.json, ['spec', 'jobLabel']);
  if (isChanged) return [];
  if (resource.kind === 'PodMonitor')
    return jobLabel || !resource.namespace ? [] : [`${resource.namespace}/${resource.name}`];
  return taken.map((service) => {
    const written = getIn(objectAt(service.json, ['metadata', 'labels']), [jobLabel]);
    return jobLabel && written !== undefined ? asText(written) : service.name;
  });
}

/** Whether pods or a Service of that name are what a monitor takes. */
function isAbout({ taken }: Monitor, name: string, surface: Surface): boolean {
  const named = surface.services.filter((service) => service.name === name);
  const about = [
    ...named,
    ...named.flatMap((service) => surface.podsOf(service)),
    ...surface.workloads.filter((workload) => workload.name === name),
  ].filter((one) => podMetadataOf(one, 'annotations')['prometheus.io/scrape'] === undefined);
  return taken.some((one) => about.includes(one));
}
