/** The addresses that Envoy's clusters send requests to, with the Service that each names. */
import { endpointsOf, objectsAt } from '../envoy/bootstrap.ts';
import { numberOf, type Path } from '../envoy/proto-json.ts';
import { adminClusters } from '../envoy/stats.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { parseServiceAddress, type ServiceAddress } from '../net/service-address.ts';
import { asText, type JsonObject } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import { homeOf } from './stray-services.ts';
import type { Surface } from './surface.ts';

/** An address of one of Envoy's clusters. */
export interface Upstream {
  target: DocumentTarget;
  /** Name of the cluster. */
  cluster: string;
  /** The cluster itself, and where it stands in the document. */
  json: JsonObject;
  clusterPath: Path;
  address: string;
  port: number;
  /** Where the socket address stands in the document. */
  path: Path;
  /** Undefined for a public name or an IP address. */
  parsed: ServiceAddress | undefined;
  /** The Service, where it is in the stream. */
  service: Resource | undefined;
}

/** The upstreams of one Envoy, itself aside. */
export function upstreamsIn(target: DocumentTarget, manifests: Manifests): Upstream[] {
  const json = jsonOf(target);
  const own = adminClusters(json);
  const clusters = objectsAt(json, ['static_resources', 'clusters']).filter(
    ({ value }) => !own.includes(asText(value['name'])),
  );
  return clusters.flatMap((cluster) =>
    endpointsOf(json, cluster).map(({ path, value }): Upstream => {
      const address = asText(value['address']);
      const parsed = parseServiceAddress(address);
      return {
        target,
        cluster: asText(cluster.value['name']),
        json: cluster.value,
        clusterPath: cluster.path,
        address,
        port: numberOf(value['port_value']) ?? 0,
        path,
        parsed,
        service: serviceAt(address, target.resource, manifests),
      };
    }),
  );
}

/** What to write in place of a name that an outer layer has changed. */
export function suggestService(name: string, surface: Surface): string | undefined {
  const close = surface.services.find(
    (service) => service.name.includes(name) || name.includes(service.name),
  );
  const home = close && homeOf(close, surface);
  if (home) return `put Service ${close.name} into namespace ${home}, where its pods are`;
  return (
    close &&
    `write ${close.name}${close.namespace ? ` (namespace ${close.namespace})` : ''}, or let the layer that renames be the one that lists the DomainConfig`
  );
}
