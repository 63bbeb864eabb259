/** A connection that the manifests call for, and the pods behind a Service that it leads to. */
import type { EgressWord } from '../config/network-words.ts';
import type { PortWanted } from '../manifests/network-policy.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort, servicePorts, typeOfService } from '../manifests/service.ts';
import { containerPortsOf, containersOf, namedPort } from '../manifests/workload.ts';
import type { Surface } from './surface.ts';

/** Who calls in from outside of these manifests, under its name in `networkPolicies.from`. */
export type Caller = 'entry' | 'monitoring' | 'clients';

/** A way from one end to the other; an end that is undefined is outside of these manifests. */
export interface Need {
  source: Resource | undefined;
  /** Who it is where `source` is undefined. */
  caller?: Caller;
  target: Resource | undefined;
  /** The target in words: `the API server`. */
  targetName: string;
  /** One of them is enough; none where nothing tells. */
  ports: readonly PortWanted[];
  outside?: OuterEnd;
  /** Whether the target only waits for it, and nothing here says that anybody calls. */
  isOffered?: true;
}

/** A target outside of these manifests. */
export interface OuterEnd {
  /** What the config calls it in `networkPolicies.egress`. */
  to: EgressWord;
  /** Where it is a Service, or may be one. */
  namespace?: string;
  /** Whether it can be reached as an address only. */
  isAddress?: boolean;
  /** Its addresses, where the config gives them. */
  cidr?: string;
  /** The same where a program's config names an address in place of a host. */
  ip?: string;
}

/** A port of which only the number is known. */
export function tcp(number: number): PortWanted {
  return { protocol: 'TCP', number, names: [] };
}

/** From one workload, or a caller, to the pods behind a port of a Service; to whatever it leads to where they are not here. */
export function needsOfService(
  surface: Surface,
  from: { source: Resource; to: EgressWord } | { caller: Caller },
  service: Resource,
  port: number | string | undefined,
): Need[] {
  const source = 'source' in from ? from.source : undefined;
  const caller = 'caller' in from ? { caller: from.caller } : {};
  const pods = surface.podsOf(service);
  if (pods.length === 0 && 'to' in from) {
    const targetName = `Service ${service.name} (its pods are not in this build)`;
    const outside = { to: from.to, namespace: service.namespace };
    return [{ source, target: undefined, targetName, ports: portsBehind(service, port), outside }];
  }
  return pods.flatMap((target) => {
    const wanted = podPort(service, port, target);
    const targetName = `${target.kind} ${target.name}`;
    return wanted ? [{ source, ...caller, target, targetName, ports: [wanted] }] : [];
  });
}

function portBehind(service: Resource, port: number | string | undefined) {
  return servicePort(service, port) ?? servicePorts(service)[0];
}

/** Ports of pods that are not here: none where the Service gives a name for it. */
function portsBehind(service: Resource, port: number | string | undefined): PortWanted[] {
  const found = portBehind(service, port);
  const number =
    typeOfService(service) === 'ExternalName' ? (port ?? found?.port) : found?.targetPort;
  return typeof number === 'number' ? [tcp(number)] : [];
}

/** The port of a pod behind a port of its Service. */
function podPort(
  service: Resource,
  port: number | string | undefined,
  workload: Resource,
): PortWanted | undefined {
  const { targetPort } = portBehind(service, port) ?? {};
  const number = typeof targetPort === 'string' ? namedPort(workload, targetPort) : targetPort;
  if (number === undefined) return undefined;
  const names = containerPortsOf(containersOf(workload))
    .filter((own) => own.number === number && own.name !== '')
    .map(({ name }) => name);
  return { protocol: 'TCP', number, names };
}
