/** Envoy's Service and its pods: which port leads to the listener. */

import { listenerPorts } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import { list, podTemplatePath, type ServicePort, servicePorts } from '../manifests/workloads.ts';
import { getIn, type JsonObject } from '../yaml/json.ts';
import type { Inventory } from './inventory.ts';

/** The ports that Envoy's listeners are bound to; empty without an Envoy. */
export function envoyListenerPorts({ envoy }: Inventory): number[] {
  return envoy ? listenerPorts(envoy.resource.document(envoy.key)?.json) : [];
}

/** The port of Envoy's Service that leads to a listener; the first one where none can be told. */
export function envoyServicePort(inventory: Inventory): ServicePort | undefined {
  const [service] = inventory.envoyServices;
  if (!service) return undefined;
  const ports = envoyListenerPorts(inventory);
  const numberOf = ({ targetPort }: ServicePort) =>
    typeof targetPort === 'number'
      ? targetPort
      : inventory.envoyWorkloads.map((workload) => namedPort(workload, targetPort)).find(Boolean);
  const candidates = servicePorts(service);
  return candidates.find((port) => ports.includes(numberOf(port) ?? -1)) ?? candidates[0];
}

/** The number of a container port that goes by a name. */
export function namedPort(workload: Resource, name: string): number | undefined {
  const port = containersOf(workload)
    .flatMap((container) => list(container['ports']))
    .find((candidate) => candidate['name'] === name)?.['containerPort'];
  return typeof port === 'number' ? port : undefined;
}

function containersOf(workload: Resource): JsonObject[] {
  return list(getIn(workload.json, [...podTemplatePath(workload), 'spec', 'containers']));
}
