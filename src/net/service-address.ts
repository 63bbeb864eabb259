/**
 * Addresses inside the cluster, taken apart.
 *
 * Source: Kubernetes DNS specification, `<service>.<namespace>.svc.<cluster domain>`, with the search list of pods.
 */

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
