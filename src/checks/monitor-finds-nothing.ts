/** Whether a monitor finds what it is to watch, and metrics there. */
import { servicePorts } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { bindAddresses } from '../surface/bind-addresses.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { type Monitor, monitorsOf, scrapesOf } from '../surface/monitors.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { emptySelection } from './shared/near-labels.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A monitor that finds no metrics',
  why: 'A selector that takes no Service, or a port of a name that none has, is not an error for the Prometheus operator: nothing is scraped, and alerts on missing values stay silent or ring for ever.',
  fix: 'select the labels of the Service (ServiceMonitor) or of the pods (PodMonitor), and name their port of the metrics',
  find: (surface) =>
    monitorsOf(surface).flatMap((monitor) => [
      ...selection(monitor),
      ...ports(monitor),
      ...ofHealth(monitor, surface),
    ]),
};

function selection({ resource, selector, candidates, taken }: Monitor): Fault[] {
  if (taken.length > 0) return [];
  const fault = emptySelection(selector, candidates);
  return fault ? [{ resource, path: 'spec.selector', ...fault }] : [];
}

function ports({ resource, field, endpoints, taken }: Monitor): Fault[] {
  if (taken.length === 0) return [];
  const names = taken.flatMap((one) =>
    one.kind === 'Service'
      ? servicePorts(one).map(({ name }) => name)
      : containerPortsOf(allContainersOf(one)).map(({ name }) => name),
  );
  return endpoints.flatMap(({ port }, index) => {
    if (typeof port !== 'string' || names.includes(port)) return [];
    const found = [...new Set(names)].filter(Boolean).join(', ') || 'no port with a name';
    const owners = taken.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
    return [
      {
        resource,
        path: `spec.${field}[${index}].port`,
        message: `${owners} has no port ${port}: there is ${found}`,
        fix: 'write the name of the port that has the metrics',
      },
    ];
  });
}

/** Metrics are not served beside the health of the controller manager. */
function ofHealth({ resource, field }: Monitor, surface: Surface): Fault[] {
  const by = `${resource.kind} ${resource.name}`;
  const asked = scrapesOf(surface).filter((scrape) => scrape.by === by);
  const addresses = bindAddresses(surface);
  return addresses
    .filter(
      ({ use, pods, port }) =>
        use === 'health' && asked.some((one) => pods.includes(one.pod) && one.port === port),
    )
    .flatMap(({ pods, port }) => {
      const metrics = addresses.find((one) => one.use === 'metrics' && one.pods === pods);
      const hasBoth = asked.some(({ port: own }) => own !== port);
      if (hasBoth) return [];
      return [
        {
          resource,
          path: `spec.${field}`,
          message: `port ${port} of ${pods.map(({ kind, name }) => `${kind} ${name}`).join(' and ')} is that of its health, which has no metrics`,
          fix: `name the port of the metrics${metrics?.port ? `, ${metrics.port}` : ''}`,
        },
      ];
    });
}
