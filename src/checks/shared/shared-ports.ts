/**
 * Ports of one pod that two of its containers want, and ports of its own pod that Envoy calls and nothing has.
 *
 * Source: Kubernetes, "Pod networking": the containers of a pod have one address, and share its ports.
 */
import { adminPort, listenerPorts } from '../../envoy/bootstrap.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { allContainersOf, containerPortsOf } from '../../manifests/workload.ts';
import { isLoopback } from '../../net/addresses.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { programsOf } from '../../surface/configs.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Faults of all programs of ours. */
export function sharedPorts(surface: Surface): Fault[] {
  return [
    ...programsOf(surface).flatMap((workload) => declaredTwice(workload, surface)),
    ...calledInVain(surface),
  ];
}

function declaredTwice(workload: Resource, surface: Surface): Fault[] {
  const running = placedContainers(workload).filter(
    ({ json, path }) => path.includes('containers') || json['restartPolicy'] === 'Always',
  );
  return running.flatMap((one, at) =>
    portsOf(one, workload, surface).flatMap(({ number, isSure }): Fault[] => {
      const others = running.slice(0, at).map((each) => ({
        name: asText(each.json['name'] ?? ''),
        port: portsOf(each, workload, surface).find((port) => port.number === number),
      }));
      const other = others.find(({ port }) => port);
      if (!other) return [];
      return [
        {
          resource: workload,
          path: toPath([...one.path, 'ports']),
          severity: isSure || other.port?.isSure ? undefined : 'warning',
          message: `containers ${other.name} and ${asText(one.json['name'] ?? '')} both have port ${number}, and share one address: the second to start finds it taken`,
          fix: 'give one of them another port, in its config as well',
        },
      ];
    }),
  );
}

/** By TCP: those that it declares, and those of Envoy's listeners. */
function portsOf(
  { json }: PlacedContainer,
  workload: Resource,
  surface: Surface,
): { number: number; isSure: boolean }[] {
  const documents = surface.envoys.filter(
    (target) =>
      surface.mounting([target]).includes(workload) &&
      containersWith(target, workload).length === 1 &&
      containersWith(target, workload).includes(json),
  );
  const listening = documents.flatMap((target) => listenerPorts(jsonOf(target)));
  const declared = containerPortsOf([json])
    .filter(({ number, protocol }) => protocol === 'TCP' && !listening.includes(number))
    .map(({ number }) => ({ number, isSure: false }));
  return [...listening.map((number) => ({ number, isSure: true })), ...declared];
}

/** A program may have ports that it does not declare. */
function calledInVain(surface: Surface): Fault[] {
  return surface.upstreams.flatMap(({ target, address, port, cluster, path }): Fault[] => {
    const root = jsonOf(target);
    const own = [...listenerPorts(root), adminPort(root)];
    const pods = surface.mounting([target]);
    if (!isLoopback(address) || own.includes(port) || pods.length === 0) return [];
    const isDeclared = pods.some((pod) => {
      const others = allContainersOf(pod).filter(
        (one) => !containersWith(target, pod).includes(one),
      );
      const ports = containerPortsOf(others);
      // Where no other one declares a port, there is nothing to compare with.
      return others.length === 0 || ports.length === 0 || ports.some((one) => one.number === port);
    });
    if (isDeclared) return [];
    return [
      inDocument(target, [...path, 'port_value'], {
        severity: 'warning',
        message: `cluster ${cluster} leads to port ${port} of Envoy's own pod, and no other container there has it`,
        fix: 'write the port on which the program beside Envoy listens',
      }),
    ];
  });
}
