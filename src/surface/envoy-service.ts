/** Envoy's Service and its pods: which port leads to the listener. */
import type { PublicRole } from '../config/public-hosts.ts';
import { listenerPorts } from '../envoy/bootstrap.ts';
import { type ServicePort, servicePorts } from '../manifests/service.ts';
import { namedPort } from '../manifests/workload.ts';
import { apiServicePort } from './api-port.ts';
import { jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** The ports that Envoy's listeners are bound to; empty without an Envoy. */
export function envoyListenerPorts({ envoys }: Surface): number[] {
  return envoys.flatMap((target) => listenerPorts(jsonOf(target)));
}

/** The port that a public role's requests go to. */
export function publicServicePort(role: PublicRole, surface: Surface): ServicePort | undefined {
  if (role === 'app') return envoyServicePort(surface);
  return surface.apiServer && apiServicePort(surface.apiServer);
}

/** The port of Envoy's Service that leads to a listener; the first one where none can be told. */
export function envoyServicePort(surface: Surface): ServicePort | undefined {
  const [service] = surface.envoyServices;
  if (!service) return undefined;
  const listeners = envoyListenerPorts(surface);
  const workloads = surface.mounting(surface.envoys);
  const numberOf = ({ targetPort }: ServicePort) =>
    typeof targetPort === 'number'
      ? targetPort
      : workloads.map((workload) => namedPort(workload, targetPort)).find(Boolean);
  const candidates = servicePorts(service);
  return candidates.find((port) => listeners.includes(numberOf(port) ?? -1)) ?? candidates[0];
}
