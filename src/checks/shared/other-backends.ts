/**
 * Services that routes of controllers' own kinds name.
 *
 * Sources: Contour, "HTTPProxy" (Services of its own namespace); Traefik, "IngressRoute"; NGINX Inc., "VirtualServer", `upstreams`.
 */
import type { Resource } from '../../manifests/resource.ts';
import { servicePort, typeOfService } from '../../manifests/service.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { areNearNames } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type JsonObject, list, stringAt } from '../../yaml/json.ts';

interface Named {
  json: JsonObject;
  /** Key of the Service's name. */
  key: 'name' | 'service';
  path: string;
}

/**
 * One fault for each port that a Service does not have. One for a Service that is not in the stream only where another has nearly its name: it may be
 * elsewhere.
 */
export function otherBackends(surface: Surface): Fault[] {
  return surface.manifests
    .ofKind('HTTPProxy', 'IngressRoute', 'VirtualServer')
    .flatMap((resource) => namedIn(resource).flatMap((named) => judge(resource, named, surface)));
}

function namedIn({ kind, json }: Resource): Named[] {
  if (kind === 'VirtualServer')
    return list(getIn(json, ['spec', 'upstreams'])).map((upstream, index) => ({
      json: upstream,
      key: 'service',
      path: `spec.upstreams[${index}]`,
    }));
  return list(getIn(json, ['spec', 'routes'])).flatMap((route, at) =>
    list(route['services'])
      // Traefik's own Services have no pods.
      .filter((service) => ['', 'Service'].includes(stringAt(service, ['kind'])))
      .map((service, index): Named => {
        const path = `spec.routes[${at}].services[${index}]`;
        return { json: service, key: 'name', path };
      }),
  );
}

function judge(resource: Resource, { json, key, path }: Named, surface: Surface): Fault[] {
  const name = stringAt(json, [key]);
  const namespace = stringAt(json, ['namespace']) || resource.namespace;
  const service = surface.manifests.named('Service', name, namespace);
  const label = `${resource.kind} ${resource.name}`;
  if (!service) {
    const near = surface.services.find(
      (one) => one.namespace === namespace && areNearNames(one.name, name),
    );
    // Another program's Service may be in another stream.
    if (!near) return [];
    return [
      {
        resource,
        path: `${path}.${key}`,
        message: `${label} leads to Service ${name}, and there is none in these manifests; there is ${near.name}`,
        fix: `name Service ${near.name}`,
      },
    ];
  }
  const { port } = json;
  const isKnown = typeof port === 'number' || (typeof port === 'string' && port !== '');
  if (!isKnown || typeOfService(service) === 'ExternalName' || servicePort(service, port))
    return [];
  const ports = list(getIn(service.json, ['spec', 'ports'])).map((one) => asText(one['port']));
  return [
    {
      resource,
      path: `${path}.port`,
      message: `${label} leads to port ${port} of Service ${name}, which has ${ports.join(', ')}`,
      fix: `write one of: ${ports.join(', ')}`,
    },
  ];
}
