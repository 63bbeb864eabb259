/** The address of the API server's Service inside the cluster, as Envoy and workers dial it. */
import type { Resource } from '../resources/resource.ts';
import { API_PORT } from '../resources/roles.ts';
import { type ServicePort, servicePorts } from '../resources/workloads.ts';

/**
 * The Service port that leads to the gRPC server: the one with 15566 on either side, else the only one, else the one whose
 * name says gRPC; undefined where that leaves a choice.
 */
export function apiPort(service: Resource): number | undefined {
  const ports = servicePorts(service);
  const ways: ((port: ServicePort) => boolean)[] = [
    ({ port }) => port === API_PORT,
    ({ targetPort }) => targetPort === API_PORT,
    () => ports.length === 1,
    ({ name }) => /^(?:grpc|yarpc)/.test(name),
  ];
  return ways.flatMap((way) => ports.filter(way))[0]?.port;
}

/**
 * The Service's name as a client in `namespace` resolves it. A host that was written with its namespace, or in full, keeps
 * that form.
 *
 * Source: Kubernetes DNS specification, `<service>.<namespace>.svc.<cluster domain>`, with the search list of pods.
 */
export function serviceHost(service: Resource, namespace: string, written = ''): string {
  const [, writtenNamespace, ...zone] = written.replace(/\.$/, '').split('.');
  const isServiceForm = writtenNamespace !== undefined && (zone.length === 0 || zone[0] === 'svc');
  const current = service.namespace || (isServiceForm ? writtenNamespace : '');
  if (isServiceForm && current) {
    const full = [service.name, current, ...zone].join('.');
    return written.endsWith('.') ? `${full}.` : full;
  }
  return service.namespace && service.namespace !== namespace
    ? `${service.name}.${service.namespace}.svc`
    : service.name;
}
