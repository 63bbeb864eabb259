/** On which port of its Service the API server is reached. */
import type { Resource } from '../manifests/resource.ts';
import { type ServicePort, servicePorts } from '../manifests/service.ts';
import { API_PORT } from './roles.ts';

/**
 * The port that leads to the gRPC server: the one with 15566 on either side, else the only one, else the one whose name says
 * gRPC; undefined where that leaves a choice.
 */
export function apiServicePort(service: Resource): ServicePort | undefined {
  const ports = servicePorts(service);
  const ways: ((port: ServicePort) => boolean)[] = [
    ({ port }) => port === API_PORT,
    ({ targetPort }) => targetPort === API_PORT,
    () => ports.length === 1,
    ({ name }) => /^(?:grpc|yarpc)/.test(name),
  ];
  return ways.flatMap((way) => ports.filter(way))[0];
}
