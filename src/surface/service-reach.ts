/**
 * The ports on which clients that go by the name of a Service reach it.
 *
 * Source: Kubernetes, "Headless Services": the name leads to the pods themselves, where nothing maps a port to another one.
 */
import type { Resource } from '../manifests/resource.ts';
import { isHeadless, servicePorts, typeOfService } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf, namedPort } from '../manifests/workload.ts';
import type { Surface } from './surface.ts';

/** Empty where nobody can tell: a name in the DNS of somebody else, a headless Service whose pods are not here. */
export function reachedPorts(service: Resource, surface: Surface): number[] {
  if (typeOfService(service) === 'ExternalName') return [];
  const ports = servicePorts(service);
  if (!isHeadless(service)) return ports.map(({ port }) => port);
  const pods = surface.podsOf(service);
  const targets = ports.flatMap(({ targetPort }) =>
    typeof targetPort === 'number'
      ? targetPort
      : pods.flatMap((pod) => namedPort(pod, targetPort) ?? []),
  );
  const declared = pods.flatMap((pod) => containerPortsOf(allContainersOf(pod)));
  return pods.length === 0
    ? []
    : [...new Set([...targets, ...declared.map(({ number }) => number)])];
}

/** What a client finds instead of a port, as a clause with a verb; undefined where the port is there. */
export function portRefusal(service: Resource, port: number, surface: Surface): string | undefined {
  const reached = reachedPorts(service, surface);
  if (reached.length === 0 || reached.includes(port)) return undefined;
  return isHeadless(service)
    ? `is headless: clients reach its pods themselves, on ${reached.join(', ')}`
    : `has ${reached.join(', ')}`;
}
