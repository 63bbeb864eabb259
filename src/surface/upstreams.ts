/** The addresses that Envoy's clusters send requests to, with the Service that each names. */

import { endpointsOf, objectsAt } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import { parseServiceAddress, type ServiceAddress } from '../net/service-address.ts';
import { toPath } from '../yaml/path.ts';
import type { DocumentTarget } from './inventory.ts';
import { jsonOf, type ManifestView } from './view.ts';

export interface Upstream {
  target: DocumentTarget;
  /** Name of the cluster. */
  cluster: string;
  address: string;
  port: number;
  /** Where the socket address stands in the document. */
  path: string;
  /** Undefined for a public name or an IP address. */
  parsed: ServiceAddress | undefined;
  /** The Service, where it is in the stream. */
  service: Resource | undefined;
}

export function upstreamsOf(view: ManifestView): Upstream[] {
  return view.envoys.flatMap((target) => {
    const json = jsonOf(target);
    return objectsAt(json, ['static_resources', 'clusters']).flatMap((cluster) =>
      endpointsOf(json, cluster).map(({ path, value }): Upstream => {
        const address = String(value['address']);
        const parsed = parseServiceAddress(address);
        const namespace = parsed?.namespace ?? target.resource.namespace;
        return {
          target,
          cluster: String(cluster.value['name']),
          address,
          port: Number(value['port_value']),
          path: toPath(path),
          parsed,
          service: parsed && view.resources.find('Service', parsed.name, namespace),
        };
      }),
    );
  });
}

/** What to write in place of a name that an outer layer has changed. */
export function suggestService(name: string, { services }: ManifestView): string | undefined {
  const close = services.find(
    (service) => service.name.includes(name) || name.includes(service.name),
  );
  return (
    close &&
    `write ${close.name}${close.namespace ? ` (namespace ${close.namespace})` : ''}, or let the layer that renames be the one that lists the DomainConfig`
  );
}
