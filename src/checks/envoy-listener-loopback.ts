import { boundAddress, listenerOf, portOf } from '../envoy/bootstrap.ts';
import { containersOf } from '../manifests/workload.ts';
import { isLoopback } from '../net/addresses.ts';
import { apiManagers } from '../surface/envoy-api.ts';
import { servingPorts, targetOf } from '../surface/envoy-service.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's listener is reached from its own pod alone",
  why: 'A listener on the loopback address, or on a pipe, takes no connection from outside of the pod: the entry gets none, and answers 502 or 503.',
  fix: 'bind it to 0.0.0.0, or to :: where pods have IPv6 addresses',
  find: (surface) => {
    const pods = surface.envoyPods;
    const led = surface.envoyServices.flatMap((service) =>
      servingPorts(service, pods).flatMap((port) => targetOf(port, pods) ?? []),
    );
    return apiManagers(surface).flatMap(({ target, manager }) => {
      const listener = listenerOf(jsonOf(target), manager);
      if (!listener) return [];
      const port = portOf(listener.value);
      const address = boundAddress(listener);
      const isPipe = getIn(listener.value, ['address', 'pipe']) !== undefined;
      if (!isPipe && (address === undefined || !isLoopback(address))) return [];
      // A proxy beside it may be what its Service leads to, and hand requests on.
      const isLed = port !== undefined && led.includes(port);
      if (!isLed && hasNeighbour(surface)) return [];
      const place = [...listener.path, 'address', isPipe ? 'pipe' : 'socket_address'];
      return [inDocument(target, place, faultOf(isPipe ? 'a pipe' : String(address), port, isLed))];
    });
  },
};

function faultOf(address: string, port: number | undefined, isLed: boolean): Fault {
  if (isLed)
    return { message: `a Service leads to port ${port}, and Envoy listens there on ${address}` };
  return {
    severity: 'warning',
    message: `Envoy listens on ${address}${port === undefined ? '' : `, port ${port},`} which matters where anything outside of its pod is to call it`,
  };
}

function hasNeighbour({ envoyPods }: Surface): boolean {
  return envoyPods.workloads.some((workload) => containersOf(workload).length > 1);
}
