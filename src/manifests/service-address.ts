/** Which Service an address inside the cluster names. */
import { parseServiceAddress } from '../net/service-address.ts';
import type { Resource } from './resource.ts';

/** Written by kustomize where a layer sets a namespace. */
const PREVIOUS_NAMESPACES = 'internal.config.kubernetes.io/previousNamespaces';

/**
 * Whether an address is that of a Service, under its current or its original name. A namespace in it has to be one that the
 * Service has or had: `login.example` is no Service `login`.
 */
export function isAddressOf(service: Resource, address: string): boolean {
  const parsed = parseServiceAddress(address);
  if (!parsed || !service.names.includes(parsed.name)) return false;
  const previous = service.annotation(PREVIOUS_NAMESPACES)?.split(',') ?? [];
  const namespaces = [service.namespace, ...previous];
  return (
    parsed.namespace === undefined ||
    namespaces.includes(parsed.namespace) ||
    (service.namespace === '' && parsed.zone.length > 0)
  );
}
