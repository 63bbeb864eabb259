/** One way that requests take. */

import type { PortWanted } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort, servicePorts } from '../manifests/service.ts';
import { containerPortsOf, containersOf, namedPort } from '../manifests/workload.ts';
import type { Surface } from './surface.ts';

/** A way from one end to the other; an end that is undefined is outside of these manifests. */
export interface Need {
  source: Resource | undefined;
  target: Resource | undefined;
  /** The target in words: `the API server`. */
  targetName: string;
  /** One of them is enough. */
  ports: readonly PortWanted[];
  /** Of an outer target: its namespace where it is a Service, or that it can be reached as an address only. */
  outside?: { namespace?: string; isAddress?: boolean; cidr?: string };
}

/** From one workload to the pods behind a port of a Service. */
export function needsOfService(
  view: Surface,
  source: Resource | undefined,
  service: Resource,
  port: number | string | undefined,
): Need[] {
  return view.podsOf(service).flatMap((target) => {
    const wanted = podPort(service, port, target);
    const targetName = `${target.kind} ${target.name}`;
    return wanted ? [{ source, target, targetName, ports: [wanted] }] : [];
  });
}

/** The port of a pod behind a port of its Service. */
function podPort(
  service: Resource,
  port: number | string | undefined,
  workload: Resource,
): PortWanted | undefined {
  const { targetPort } = servicePort(service, port) ?? servicePorts(service)[0] ?? {};
  const number = typeof targetPort === 'string' ? namedPort(workload, targetPort) : targetPort;
  if (number === undefined) return undefined;
  const names = containerPortsOf(containersOf(workload))
    .filter((own) => own.number === number && own.name !== '')
    .map(({ name }) => name);
  return { protocol: 'TCP', number, names };
}
