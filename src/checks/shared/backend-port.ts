import type { Resource } from '../../manifests/resource.ts';
import { type ServicePort, servicePorts } from '../../manifests/service.ts';
import type { Backend } from '../../surface/entry.ts';
import { getIn } from '../../yaml/json.ts';

/** The port of a Service that a backend means. */
export function portOf({ service, port }: Backend): ServicePort | undefined {
  if (!service) return undefined;
  return servicePorts(service).find((candidate) =>
    typeof port === 'number' ? candidate.port === port : candidate.name === port,
  );
}

/** Where a port stands in its Service. */
export function placeOfPort(service: Resource, { port }: ServicePort): string {
  return `spec.ports[${servicePorts(service).findIndex((own) => own.port === port)}]`;
}

/** A name outside of the cluster: its ports and pods are not those of the Service. */
export function isExternal({ json }: Resource): boolean {
  return getIn(json, ['spec', 'type']) === 'ExternalName';
}
