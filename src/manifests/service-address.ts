/**
 * Addresses inside the cluster: which Service one names, and on which port the API server is reached.
 *
 * Source: Kubernetes DNS specification, `<service>.<namespace>.svc.<cluster domain>`, with the search list of pods.
 */

import { API_PORT } from '../surface/roles.ts';
import { getIn } from '../yaml/json.ts';
import type { Resource } from './resource.ts';
import { type ServicePort, servicePorts } from './workloads.ts';

/** Written by kustomize where a layer sets a namespace. */
const PREVIOUS_NAMESPACES = 'internal.config.kubernetes.io/previousNamespaces';

/** An address in one of the forms that a Service has. */
export interface ServiceAddress {
  name: string;
  /** Undefined where the address leaves it to the pod's search list. */
  namespace: string | undefined;
  /** What follows the namespace: `[]`, `['svc']`, `['svc', 'cluster', 'local']`. */
  zone: readonly string[];
}

/** The parts of a Service's address; undefined for a public host name or an IP address. */
export function parseServiceAddress(address: string): ServiceAddress | undefined {
  const [name = '', namespace, ...zone] = address.replace(/\.$/, '').split('.');
  const isService =
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && (zone.length === 0 || zone[0] === 'svc');
  return isService ? { name, namespace, zone } : undefined;
}

/**
 * Whether an address is that of a Service, under its current or its original name. A namespace in it has to be one that the
 * Service has or had: `login.example` is no Service `login`.
 */
export function isAddressOf(service: Resource, address: string): boolean {
  const parsed = parseServiceAddress(address);
  if (!parsed || !service.names.includes(parsed.name)) return false;
  const previous = getIn(service.json, ['metadata', 'annotations', PREVIOUS_NAMESPACES]);
  const namespaces = [
    service.namespace,
    ...(typeof previous === 'string' ? previous.split(',') : []),
  ];
  return (
    parsed.namespace === undefined ||
    namespaces.includes(parsed.namespace) ||
    (service.namespace === '' && parsed.zone.length > 0)
  );
}

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
