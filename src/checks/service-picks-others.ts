/** Whether a Service of ours also leads to pods of other programs. */

import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { groupedBy } from '../maps.ts';
import { apiConfigsOf } from '../surface/api-config.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { servicesInUse } from '../surface/faults/service-pods.ts';
import { once } from '../surface/once.ts';
import { API_PORT } from '../surface/roles.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A Service that leads to pods of other programs as well',
  why: 'Its selector takes more than it was meant for: a part of the connections goes to pods that do not listen on the port, or that answer something else.',
  fix: 'add a label to the selector that only the pods of the program have',
  find: (surface) =>
    servicesInUse(surface).flatMap((service) => {
      const pods = surface.podsOf(service);
      const byPort = servicePorts(service).flatMap(({ index, targetPort }) =>
        onPort(service, pods, index, targetPort),
      );
      const jobs = byJobs(service, pods);
      return byPort.length + jobs.length > 0
        ? [...byPort, ...jobs]
        : byProgram(service, pods, surface);
    }),
};

/** Pods that end, beside those of a program: while they run, connections go there as well. */
function byJobs(service: Resource, pods: readonly Resource[]): Fault[] {
  const jobs = pods.filter(({ kind }) => kind === 'Job' || kind === 'CronJob');
  const silent = jobs.filter((pod) => containerPortsOf(allContainersOf(pod)).length === 0);
  if (silent.length === 0 || jobs.length === pods.length) return [];
  const names = silent.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
  return [
    {
      resource: service,
      path: 'spec.selector',
      message: `the selector picks pods of ${names} as well: while they run, a part of the connections goes there, and nothing answers`,
      fix: 'give the pods of the job other labels',
    },
  ];
}

/** Pods that read the configs of different programs: one that listens on the port, or says so, is not the other. */
function byProgram(service: Resource, pods: readonly Resource[], surface: Surface): Fault[] {
  if (pods.length < 2) return [];
  const known = pods
    .map((pod) => ({ pod, programs: programsIn(pod, service, surface) }))
    .filter(({ programs }) => programs.length > 0);
  const [first] = known;
  const other = known.find(
    ({ programs }) => !programs.some((one) => first?.programs.includes(one)),
  );
  if (!first || !other) return [];
  const named = ({ pod, programs }: typeof first) =>
    `${pod.kind} ${pod.name} (${programs.join(' and ')})`;
  return [
    {
      resource: service,
      path: 'spec.selector',
      message: `the selector picks pods of ${named(first)} and of ${named(other)}: a part of the connections meets the wrong one`,
    },
  ];
}

function programsIn(pod: Resource, service: Resource, surface: Surface): string[] {
  const { api, others } = programsOfPods(surface);
  const isApi =
    surface.apiServices.includes(service) &&
    (api.has(pod) ||
      containerPortsOf(allContainersOf(pod)).some(({ number }) => number === API_PORT));
  return [...(isApi ? ['the API server'] : []), ...(others.get(pod) ?? []).map(({ name }) => name)];
}

/** Which pods read which config. */
const programsOfPods = once((surface) => {
  const { envoys, uis, workers, controllerManagers, workloads } = surface;
  const all = [
    { name: 'Envoy', targets: envoys },
    { name: 'the page', targets: uis },
    { name: 'a worker', targets: workers },
    { name: 'the controller manager', targets: controllerManagers },
  ];
  const others = groupedBy(all, ({ targets }) => surface.mounting(targets));
  return { api: new Set(surface.mounting(apiConfigsOf(workloads, surface))), others };
});

function onPort(
  service: Resource,
  pods: readonly Resource[],
  index: number,
  targetPort: number | string,
): Fault[] {
  const portsOf = (pod: Resource) => containerPortsOf(allContainersOf(pod));
  const has = (pod: Resource) =>
    portsOf(pod).some(({ name, number }) => name === targetPort || number === targetPort);
  // Where no pod declares it, the port itself may be wrong; pods without any port do not say what they listen on.
  const others = pods.filter((pod) => portsOf(pod).length > 0 && !has(pod));
  const meant = pods.filter(has);
  if (meant.length === 0 || others.length === 0) return [];
  const names = (all: readonly Resource[]) =>
    all.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return [
    {
      resource: service,
      path: 'spec.selector',
      message: `the selector picks pods of ${names(others)} beside those of ${names(meant)}, and they have no port ${targetPort} (\`spec.ports[${index}]\`)`,
    },
  ];
}
