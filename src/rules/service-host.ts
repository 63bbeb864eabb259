/** The address of the API server's Service inside the cluster, as Envoy and workers dial it. */
import type { Problem } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import { parseServiceAddress } from '../net/service-address.ts';

/**
 * The Service's name as a client in `namespace` resolves it. A host that was written with its namespace, or in full, keeps
 * that form.
 */
export function serviceHost(service: Resource, namespace: string, written = ''): string {
  const form = parseServiceAddress(written);
  const isKept = form && (form.zone.length > 0 || service.names.includes(form.name));
  if (isKept && form.namespace !== undefined) {
    const full = [service.name, service.namespace || form.namespace, ...form.zone].join('.');
    return written.endsWith('.') ? `${full}.` : full;
  }
  // Who does not say where it is may be beside the Service, as the name alone says that it is.
  const isBeside = namespace === '' && isKept;
  return service.namespace && service.namespace !== namespace && !isBeside
    ? `${service.name}.${service.namespace}.svc`
    : service.name;
}

/**
 * The Service's name as it resolves from everywhere: `<name>.<namespace>.svc`, or the longer form that was written. Without a known
 * namespace it is the name alone.
 */
export function fullServiceHost(service: Resource, written = ''): string {
  const isLong = (parseServiceAddress(written)?.zone.length ?? 0) > 0;
  const host = serviceHost(service, service.namespace, written);
  if (isLong && host.includes('.')) return host;
  return service.namespace ? `${service.name}.${service.namespace}.svc` : host;
}

/** What to say where `apiServicePort` finds no port. */
export function unclearPort(service: Resource, otherwise: string): Problem {
  return {
    code: 'target-missing',
    severity: 'error',
    message: 'the gRPC port of the API server cannot be told from the other ports of its Service',
    resource: service.reference,
    path: 'spec.ports',
    expected: 'one port, or one named grpc',
    fix: `name the gRPC port grpc, or ${otherwise}`,
  };
}
