import { type ServicePort, servicePorts } from '../../manifests/workloads.ts';
import type { Backend } from '../../surface/view.ts';

/** The port of a Service that a backend means. */
export function portOf({ service, port }: Backend): ServicePort | undefined {
  if (!service) return undefined;
  return servicePorts(service).find((candidate) =>
    typeof port === 'number' ? candidate.port === port : candidate.name === port,
  );
}
