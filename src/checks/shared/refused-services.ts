/** Ports of Services that the API server refuses. Source: Kubernetes, `pkg/apis/core/validation`, `ValidateService`. */
import type { Resource } from '../../manifests/resource.ts';
import { typeOfService } from '../../manifests/service.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list } from '../../yaml/json.ts';

/** What a cluster has unless its API server is started with `--service-node-port-range`. */
const NODE_PORTS = { first: 30_000, last: 32_767 };

/** Of every Service of the stream; that two want one port of the nodes can be seen only together. */
export function refusedServices(surface: Surface): Fault[] {
  return [
    ...twoOnOneNodePort(surface),
    ...surface.services.flatMap((service) => [
      ...nodePorts(service),
      ...portNames(service),
      ...externalTraffic(service),
    ]),
  ];
}

function twoOnOneNodePort({ services }: Surface): Fault[] {
  const known = new Map<string, Resource>();
  return services.flatMap((service) =>
    list(getIn(service.json, ['spec', 'ports'])).flatMap((port, index): Fault[] => {
      const { nodePort, protocol = 'TCP' } = port;
      if (typeof nodePort !== 'number' || nodePort === 0) return [];
      const key = `${nodePort}/${asText(protocol)}`;
      const other = known.get(key);
      known.set(key, other ?? service);
      if (!other) return [];
      const whose =
        other === service
          ? 'another port of this Service'
          : `Service ${other.name} in namespace ${other.namespace || 'default'}`;
      return [
        {
          resource: service,
          path: `spec.ports[${index}].nodePort`,
          message: `node port ${nodePort} is that of ${whose} as well`,
          fix: 'give one of them another number, or none: Kubernetes chooses one then',
        },
      ];
    }),
  );
}

function nodePorts(service: Resource): Fault[] {
  const type = typeOfService(service);
  return list(getIn(service.json, ['spec', 'ports'])).flatMap(({ nodePort }, index): Fault[] => {
    if (typeof nodePort !== 'number' || nodePort === 0) return [];
    const place = { resource: service, path: `spec.ports[${index}].nodePort` };
    if (type === 'ClusterIP')
      return [
        {
          ...place,
          message: `nodePort ${nodePort} stands in a Service of type ClusterIP, which may have none`,
          fix: 'take `nodePort` away, or write `type: NodePort`',
        },
      ];
    if (nodePort >= NODE_PORTS.first && nodePort <= NODE_PORTS.last) return [];
    return [
      {
        ...place,
        severity: 'warning',
        message: `nodePort ${nodePort} is not between ${NODE_PORTS.first} and ${NODE_PORTS.last}: it is refused unless \`--service-node-port-range\` of the cluster has it`,
        fix: `write a number from ${NODE_PORTS.first} to ${NODE_PORTS.last}, or none: Kubernetes chooses one then`,
      },
    ];
  });
}

/** A DNS label. */
function isPortName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** Source: `ExternalTrafficPolicy can only be set for NodePort and LoadBalancer service`, external IPs aside. */
function externalTraffic(service: Resource): Fault[] {
  const written = getIn(service.json, ['spec', 'externalTrafficPolicy']);
  const isOutside = ['NodePort', 'LoadBalancer'].includes(typeOfService(service));
  const isIps = Array.isArray(getIn(service.json, ['spec', 'externalIPs']));
  if (written === undefined || written === '' || isOutside || isIps) return [];
  return [
    {
      resource: service,
      path: 'spec.externalTrafficPolicy',
      message: `externalTrafficPolicy stands in a Service of type ${typeOfService(service)}, which is not reached from outside`,
      fix: 'take it away, or write the type LoadBalancer or NodePort',
    },
  ];
}

/** Every port has a name where there are several, and each its own. */
function portNames(service: Resource): Fault[] {
  const names = list(getIn(service.json, ['spec', 'ports'])).map(({ name }) => name);
  return names.flatMap((name, index): Fault[] => {
    const isTwice = name !== undefined && names.indexOf(name) < index;
    const isLabel = typeof name !== 'string' || name === '' || isPortName(name);
    if (!isTwice && isLabel && (name !== undefined || names.length === 1)) return [];
    if (!isLabel && !isTwice)
      return [
        {
          resource: service,
          path: `spec.ports[${index}].name`,
          message: `${asText(name)} is no name of a port: small letters, digits and hyphens`,
          fix: `write \`${asText(name)
            .toLowerCase()
            .replace(/[^a-z0-9]+/g, '-')}\`, and what refers to the port likewise`,
        },
      ];
    return [
      {
        resource: service,
        path: `spec.ports[${index}].name`,
        message: isTwice
          ? `two ports have the name ${asText(name)}`
          : 'one of several ports has no name',
        fix: 'give each port its own name',
      },
    ];
  });
}
